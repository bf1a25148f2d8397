/** One line of a benchmark's table. */
export interface Measurement {
  readonly what: string;
  /** Median over the runs. */
  readonly value: number;
  readonly unit: string;
  /** Digits after the point; left out: as many as its size needs. */
  readonly digits?: number;
  /** The same work done by the peer, where there is one, in the same unit. */
  readonly peer?: number;
  /** A limit that the project has set itself. */
  readonly limit?: string;
}

/** A benchmark: what it does, beside whom, and its measurements. */
export interface Benchmark {
  readonly name: string;
  /** One or two sentences for the results: the work, and the peer if there is one. */
  readonly description: string;
  run(options: BenchOptions): Promise<Measurement[]>;
}

export interface BenchOptions {
  /** Progress, for people: goes to stderr. */
  log(message: string): void;
}

/** Median of numbers; of an even count the mean of the middle two. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('There is no median of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Seconds that some work takes. */
export async function seconds(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/**
 * Measures two ways of doing the same in turns, so that whatever else the machine does hits both alike.
 * @returns median seconds of each, after one run of each that does not count
 */
export async function compare(
  runs: number,
  ours: () => unknown,
  peers: () => unknown,
): Promise<{ ours: number; peer: number }> {
  const times = { ours: [] as number[], peer: [] as number[] };
  for (let run = 0; run <= runs; run++) {
    const [our, peer] = [await seconds(ours), await seconds(peers)];
    if (run === 0) continue;
    times.ours.push(our);
    times.peer.push(peer);
  }
  return { ours: median(times.ours), peer: median(times.peer) };
}

/** The measurements as a Markdown table. */
export function markdown(measurements: readonly Measurement[]): string[] {
  return [
    '| | measured | peer | ratio | limit |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...measurements.map(({ what, value, unit, digits, peer, limit }) => {
      const cells = [
        what,
        amount(value, unit, digits),
        peer === undefined ? '' : amount(peer, unit, digits),
        peer === undefined ? '' : (value / peer).toFixed(2),
        limit ?? '',
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}

function amount(value: number, unit: string, given?: number): string {
  const digits = given ?? (value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2);
  return `${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`.trim();
}
