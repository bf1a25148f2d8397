import { callExternal as hook } from '../query/run/plugins.js';
import { callExternal } from './call.js';

/** External functions: SQL rows out to an HTTP service and back. The query engine calls through this hook. */
hook.call = (b, routine, rows) =>
  callExternal(b.account, b.session, routine, rows, {
    queryId: b.session.queryIds[b.session.queryIds.length - 1] ?? '',
    ...(b.signal && { signal: b.signal }),
  });

export { callExternal };
