import { localRefusal } from '../errors.js';
import type { SystemFunction } from '../feature.js';
import { splitName } from '../language/split-name.js';
import { BOOLEAN, TEXT } from '../types/data-type.js';
import { streamHasData } from './source.js';

const hasData: SystemFunction = {
  name: 'SYSTEM$STREAM_HAS_DATA',
  arity: [1, 1],
  returns: BOOLEAN,
  run: async (b, [name]) => {
    const stream = b.account.catalog.resolve('STREAM', splitName(name ?? ''), b.session);
    b.account.access.require(b.session, 'SELECT', stream);
    return (await streamHasData(b.account, b.session, stream)) ? '1' : '0';
  },
};

const tableTimestamp: SystemFunction = {
  name: 'SYSTEM$STREAM_GET_TABLE_TIMESTAMP',
  arity: [1, 1],
  returns: TEXT(),
  run: () => {
    throw localRefusal(
      'SYSTEM$STREAM_GET_TABLE_TIMESTAMP',
      'tables keep no times of their versions here',
      "To start a stream where another one stands, use CREATE STREAM … AT (STREAM => '…').",
    );
  },
};

export const streamFunctions: SystemFunction[] = [hasData, tableTimestamp];
