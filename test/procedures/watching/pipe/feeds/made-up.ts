/** A random number of a seed, 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed * 7919 + 1;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

export function poisson(mean: number, random: () => number): number {
  if (mean > 50) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  let [n, product] = [0, random()];
  for (; product > Math.exp(-mean); product *= random()) n++;
  return n;
}

/** Ways in which a feed comes: rows of an hour. */
export const KINDS: Readonly<Record<string, (hour: number, perDay: number, random: () => number) => number>> =
  {
    'by the hour': (hour, perDay, random) =>
      poisson((perDay / 24) * (1 + 0.8 * Math.sin((hour % 24) / 3.8)), random),
    'by a nightly load': (hour, perDay, random) => (hour % 24 === 2 ? poisson(perDay, random) : 0),
    'on weekdays': (hour, perDay, random) =>
      Math.floor(hour / 24) % 7 < 5 && hour % 24 >= 8 && hour % 24 < 16 ? poisson(perDay / 8, random) : 0,
  };
