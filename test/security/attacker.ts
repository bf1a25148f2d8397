/** A figure as an attacker has it: how many stays it is about, their mean, and which they are. */
export interface Figure {
  readonly name: string;
  readonly n: number;
  readonly mean: number;
  readonly about: readonly number[];
}

export interface Attack {
  /** Sums and differences that are about one to nine stays. */
  readonly small: readonly string[];
  /** Of these, those from which the length of a single stay follows to half a day. */
  readonly pinned: readonly string[];
}

/** Figures added and subtracted so far: how often each stay is left, and the days that they come to. */
interface Sum {
  readonly names: readonly string[];
  readonly left: ReadonlyMap<number, number>;
  readonly days: number;
}

/** Sums that are followed further at each step: those with the fewest stays left. */
const FOLLOWED = 6;
const FEW = 10;

/**
 * Adds and subtracts figures, beginning with each, always those that leave the fewest stays, and those that share most stays with what is left.
 * @param truth length of a stay in days
 * @param most how many figures
 */
export function attack(figures: readonly Figure[], truth: (stay: number) => number, most: number): Attack {
  const small = new Set<string>();
  const pinned = new Set<string>();
  const byStay = new Map<number, Figure[]>();
  for (const figure of figures)
    for (const stay of figure.about) byStay.set(stay, [...(byStay.get(stay) ?? []), figure]);
  for (const start of figures) {
    let sums: Sum[] = [combine({ names: [], left: new Map(), days: 0 }, start, 1)];
    for (let used = 2; used <= most; used++) {
      const next: Sum[] = [];
      for (const sum of sums) {
        const near = new Set<Figure>();
        for (const stay of sum.left.keys()) for (const figure of byStay.get(stay) ?? []) near.add(figure);
        for (const figure of near)
          for (const sign of [-1, 1]) {
            const made = combine(sum, figure, sign);
            if (made.left.size > 0 && made.left.size < sum.left.size + figure.n) next.push(made);
          }
      }
      next.sort((a, b) => a.left.size - b.left.size);
      for (const { names, left, days } of next) {
        if (left.size >= FEW) break;
        const name = names.join('');
        small.add(`${name}: ${left.size}`);
        const [[stay, times]] = [...left] as [[number, number]];
        if (left.size === 1 && Math.abs(days / times - truth(stay)) <= 0.5) pinned.add(name);
      }
      sums = next.slice(0, FOLLOWED);
    }
  }
  return { small: [...small], pinned: [...pinned] };
}

function combine({ names, left, days }: Sum, { name, n, mean, about }: Figure, sign: number): Sum {
  const now = new Map(left);
  for (const stay of about) {
    const times = (now.get(stay) ?? 0) + sign;
    if (times === 0) now.delete(stay);
    else now.set(stay, times);
  }
  return { names: [...names, ` ${sign > 0 ? '+' : '−'} ${name}`], left: now, days: days + sign * n * mean };
}
