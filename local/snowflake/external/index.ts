/** External functions: SQL rows out to an HTTP service and back. */
export { callExternal } from './call.js';
