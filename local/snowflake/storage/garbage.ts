import type { DuckDBMaterializedResult } from '@duckdb/node-api';

/** So many bytes of DuckDB's may wait for V8. */
const MUCH = 64 << 20;

/** What is let go at once is among V8's young objects, what was kept for a while is not. */
type Generation = 'minor' | 'major';

/** There where the process was started with --expose-gc, as local/cloud starts it; elsewhere V8 takes its time. */
const collect = (globalThis as { gc?: (options: { type: Generation }) => void }).gc;

const waiting: Record<Generation, number> = { minor: 0, major: 0 };

/**
 * To be called when rows that DuckDB gave are no longer needed. They are freed only when V8 collects the objects that stand
 * for them, and V8, which sees some hundred bytes of each, would let a gigabyte wait.
 * @param bytes about how many they take
 */
export function letGo(bytes: number, generation: Generation): void {
  waiting[generation] += bytes;
  if (waiting[generation] < MUCH) return;
  waiting[generation] = 0;
  if (collect) setImmediate(() => collect({ type: generation }));
}

/** About what a result takes: texts of more than twelve bytes lie beside their vectors. */
export function bytesOf(result: DuckDBMaterializedResult): number {
  return result.rowCount * result.columnCount * 32;
}
