import type { Stream, TrackedTable } from './objects.js';

/** The tables whose changes a stream offers: its own, or those that its view reads. */
export const tablesOfStream = (stream: Stream): readonly TrackedTable[] => stream.below ?? [stream];

/** Whether a stream offers the changes of this table. */
export const tracks = (stream: Stream, tableId: number): boolean =>
  tablesOfStream(stream).some((each) => each.tableId === tableId);
