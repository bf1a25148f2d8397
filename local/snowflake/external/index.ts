/** External functions: SQL rows out to an HTTP service and back. */
import type { Feature } from '../feature.js';
import { callExternal } from './call.js';

export const externalFunctions: Feature = {
  services: {
    callExternal: (b, routine, asked, take) =>
      callExternal(b.account, b.session, routine, asked, take, {
        queryId: b.session.queryIds[b.session.queryIds.length - 1] ?? '',
        ...(b.signal && { signal: b.signal }),
      }),
  },
};
