import { notSupportedLocally } from '../errors.js';
import { splitName } from '../language/split-name.js';
import { systemFunction } from '../routines/system-function.js';
import { BOOLEAN, TEXT } from '../types/data-type.js';
import { streamHasData } from './source.js';

systemFunction('SYSTEM$STREAM_HAS_DATA', [1, 1], BOOLEAN, async (b, [name]) => {
  const stream = b.account.catalog.resolve('STREAM', splitName(name ?? ''), b.session);
  b.account.access.require(b.session, 'SELECT', stream);
  return (await streamHasData(b.account, b.session, stream)) ? '1' : '0';
});

systemFunction('SYSTEM$STREAM_GET_TABLE_TIMESTAMP', [1, 1], TEXT(), () => {
  throw notSupportedLocally(
    'SYSTEM$STREAM_GET_TABLE_TIMESTAMP',
    'tables keep no times of their versions here',
    "To start a stream where another one stands, use CREATE STREAM … AT (STREAM => '…').",
  );
});
