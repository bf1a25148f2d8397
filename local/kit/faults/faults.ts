// The faults that are set now, and which call each of them hits.
import { type CallFault, type FaultKind, type FaultSpec, formatFault } from './fault.js';

/** A fault as it stands, for those who set it. */
export interface FaultState {
  fault: string;
  /** Calls that it has hit. */
  hits: number;
  /** Calls that it may still hit; null: until it is cleared. */
  left: number | null;
}

interface Entry {
  spec: FaultSpec;
  pattern: RegExp;
  random: () => number;
  /** Calls of its operation until now. */
  calls: number;
  hits: number;
}

export class Faults {
  private readonly entries: Entry[] = [];

  add(spec: FaultSpec): void {
    const pattern = spec.operation.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    this.entries.push({
      spec,
      pattern: new RegExp(`^${pattern}$`, 'i'),
      random: randomFrom(spec.seed ?? 1),
      calls: 0,
      hits: 0,
    });
  }

  /** What shall happen to a call of this operation; the fault set first goes first. */
  take(operation: string): CallFault | undefined {
    return this.first(operation, (kind) => kind !== 'repeat') as CallFault | undefined;
  }

  /** Whether the batch of an external function that is sent now shall be sent twice. */
  repeats(name: string): boolean {
    return this.first(`external-function:${name}`, (kind) => kind === 'repeat') !== undefined;
  }

  private first(operation: string, suits: (kind: FaultKind) => boolean): FaultKind | undefined {
    for (const entry of this.entries) {
      const { spec, pattern, hits } = entry;
      if (!suits(spec.kind) || !pattern.test(operation)) continue;
      if (spec.next !== undefined && hits >= spec.next) continue;
      entry.calls += 1;
      if (entry.calls <= (spec.after ?? 0)) continue;
      if (spec.share !== undefined && entry.random() >= spec.share) continue;
      entry.hits += 1;
      return spec.kind;
    }
    return undefined;
  }

  list(): FaultState[] {
    return this.entries.map(({ spec, hits }) => ({
      fault: formatFault(spec),
      hits,
      left: spec.next === undefined ? null : spec.next - hits,
    }));
  }

  clear(): void {
    this.entries.length = 0;
  }
}

/** A small generator of numbers from 0 to 1 (mulberry32), so that a seed repeats a run. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
