/** Streams: what a table's consumers have not seen yet. */
import './functions.js';

export { streamStatements } from './statements.js';
