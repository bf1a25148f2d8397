/** Streams: what a table's consumers have not seen yet. */
export { type StreamSource, streamColumns, streamHasData, streamSource } from './source.js';
export { streamStatements } from './statements.js';
