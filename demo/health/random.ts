/**
 * A seeded stream of random numbers, so that the same seed gives the same file on every machine.
 * The generator is sfc32 (Chris Doty-Humphrey's "small fast counting", public domain; passes PractRand),
 * 32-bit integer arithmetic only, so no platform's floating point can change the stream.
 */
export interface Random {
  /** A number in [0, 1) with 32 random bits. */
  nextNumber(): number;
  /** A whole number from 0 to below − 1. */
  integerBelow(below: number): number;
}

/** Starts a stream; streams of different seeds, or of different names under one seed, are unrelated. */
export function random(seed: number, name = ''): Random {
  // FNV-1a over the name mixes it into the seed, so that each part of the generator has a stream of its own
  // and a change in one part does not shift what the others draw.
  let mixed = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < name.length; i++) mixed = Math.imul(mixed ^ name.charCodeAt(i), 0x01000193) >>> 0;
  let a = seed | 0;
  let b = mixed | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  function bits(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  for (let i = 0; i < 15; i++) bits();
  return {
    nextNumber: () => bits() / 4294967296,
    integerBelow: (below) => Math.floor((bits() / 4294967296) * below),
  };
}
