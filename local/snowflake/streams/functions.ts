import { splitName } from '../query/binder.js';
import { systemFunction } from '../routines/system-function.js';
import { BOOLEAN } from '../types/data-type.js';
import { streamHasData } from './source.js';

systemFunction('SYSTEM$STREAM_HAS_DATA', [1, 1], BOOLEAN, async (b, [name]) => {
  const stream = b.account.catalog.resolve('STREAM', splitName(name ?? ''), b.session);
  b.account.access.require(b.session, 'SELECT', stream);
  return (await streamHasData(b.account, b.session, stream)) ? '1' : '0';
});
