import { readUbjson, type Ubjson, type UbjsonObject } from './ubjson.js';

/** What a model file says of itself. */
export interface BoosterFile {
  /** What training wrote down, e.g. best_iteration and best_score after early stopping. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Column → by how much its splits lowered the loss of the training rows, over all trees (XGBoost's total gain). */
  readonly gains: ReadonlyMap<number, number>;
}

/** A model file in a format that is not read here: `format` names it. */
export class UnknownModelFormat extends Error {
  override name = 'UnknownModelFormat';
  readonly format: string;

  constructor(format: string) {
    super(`The model file is ${format}.`);
    this.format = format;
  }
}

/**
 * Reads an `xgboost-model` of SageMaker's built-in XGBoost. The container saves with `save_model` under a name
 * without an ending (algorithm_mode/train.py), which means UBJSON since XGBoost 2.1: images 3.0-5 and 3.2-0. Images
 * 1.3-1 to 1.7-1 leave XGBoost's own binary format, which names no gains; those up to 1.2-2 a pickled Python object.
 *
 * @throws UnknownModelFormat for the older ones, and for files that are no trees
 */
export function readBooster(file: Uint8Array): BoosterFile {
  if (!Buffer.from(file.subarray(0, START.length)).equals(START))
    throw new UnknownModelFormat(formatOf(file));
  const learner = entry(readUbjson(file), 'learner');
  const attributes = entry(learner, 'attributes') as Readonly<Record<string, string>>;
  const gains = new Map<number, number>();
  for (const tree of treesOf(entry(learner, 'gradient_booster'))) addGains(tree as UbjsonObject, gains);
  return { attributes, gains };
}

/** How every UBJSON model begins; the old binary format begins with a number, which may be any bytes. */
const START = Buffer.from('{L\0\0\0\0\0\0\0\u0007learner', 'latin1');

function formatOf(file: Uint8Array): string {
  // A pickle names its protocol, 2 to 5, in its second byte.
  if (file[0] === 0x80 && file[1]! >= 2 && file[1]! <= 5) return 'a pickled Python object';
  return file[0] === 0x7b && file[1] === 0x22 ? 'JSON text' : "XGBoost's old binary format";
}

/** The trees of `gbtree`, or of `dart`, which wraps one; a linear model has none. */
function treesOf(booster: UbjsonObject): readonly Ubjson[] {
  const inner = booster.gbtree ? entry(booster, 'gbtree') : booster;
  const { trees } = entry(inner, 'model');
  return Array.isArray(trees) ? trees : [];
}

/** Adds a tree's gains. From the root down, because pruned nodes stay in the arrays. */
function addGains(tree: UbjsonObject, gains: Map<number, number>): void {
  const lefts = numbers(tree, 'left_children');
  const rights = numbers(tree, 'right_children');
  const columns = numbers(tree, 'split_indices');
  const losses = numbers(tree, 'loss_changes');
  const waiting = [0];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const left = lefts[node] ?? -1;
    if (left < 0) continue;
    const column = columns[node]!;
    gains.set(column, (gains.get(column) ?? 0) + losses[node]!);
    waiting.push(left, rights[node]!);
  }
}

function entry(value: Ubjson | undefined, key: string): UbjsonObject {
  const found = (value as UbjsonObject | undefined)?.[key];
  if (found === undefined || found === null || typeof found !== 'object')
    throw new UnknownModelFormat(`UBJSON without ${key}`);
  return found as UbjsonObject;
}

function numbers(tree: UbjsonObject, key: string): ArrayLike<number> {
  return entry(tree, key) as unknown as ArrayLike<number>;
}
