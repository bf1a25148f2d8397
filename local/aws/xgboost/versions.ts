/** Which versions of XGBoost the local SageMaker works with, and which models one of them can read. */

export type Version = readonly [major: number, minor: number, patch: number];

/**
 * The first that saves a model as the container does: 1.5 has no XGBoosterSaveModelToBuffer (c_api.h).
 * test/conformance/xgboost-versions.test.ts holds the others against each other.
 */
const OLDEST = [1, 7] as const;

export const versionText = (version: Version): string => version.join('.');

/** Why a library of this version is not used, as the end of a sentence that begins with it; undefined: it is. */
export function refusalOf(version: Version): string | undefined {
  if (!isBefore(version, OLDEST)) return undefined;
  return `is older than ${OLDEST.join('.')} and does not train and save models as SageMaker's container does`;
}

/**
 * Why a library cannot read a model, as a sentence; undefined where it may.
 * XGBoost reads models of older versions, not of newer ones (its "Introduction to Model IO"): what 3.1 and later write
 * as a list, `base_score`, 3.0 and earlier read as another number without a word, and every prediction is off by days.
 */
export function unreadable(model: Version, library: Version): string | undefined {
  const [major, minor] = model;
  if (!isBefore(library, [major, minor])) return undefined;
  return `The model was made by XGBoost ${versionText(model)}, which is newer than the library here, ${versionText(library)}: XGBoost reads models of its own and of older versions only.`;
}

function isBefore([major, minor]: Version, [otherMajor, otherMinor]: readonly [number, number]): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

/** Bytes that a UBJSON integer takes after its type. */
const WIDTHS: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8 };
const KEY = 'version';

/**
 * The version that wrote a model in UBJSON or JSON: its last member, `version`, a list of three integers.
 * @returns undefined for the older binary format, whose files do not tell it so
 */
export function modelVersion(model: Uint8Array): Version | undefined {
  const bytes = Buffer.from(model.buffer, model.byteOffset, model.byteLength);
  const inJson = /"version":\s*\[(\d+),\s*(\d+),\s*(\d+)\]\s*\}\s*$/.exec(
    bytes.toString('latin1', bytes.length - 80),
  );
  if (inJson) return [Number(inJson[1]), Number(inJson[2]), Number(inJson[3])];
  const key = bytes.lastIndexOf(`${KEY}[`);
  if (key < 0) return undefined;
  let at = key + KEY.length + 1;
  const next = () => String.fromCharCode(bytes[at++] ?? 0);
  const integer = (type: string): number => {
    const width = WIDTHS[type];
    if (!width || at + width > bytes.length) return Number.NaN;
    const value = width === 8 ? Number(bytes.readBigInt64BE(at)) : bytes.readIntBE(at, width);
    at += width;
    return value;
  };
  // An optimized container: `$`, the type of all elements, and `#`, their number.
  let type: string | undefined;
  if (bytes[at] === 0x24) {
    next();
    type = next();
  }
  if (bytes[at] === 0x23) {
    next();
    if (integer(next()) !== 3) return undefined;
  }
  const [major, minor, patch] = [0, 1, 2].map(() => integer(type ?? next()));
  return [major, minor, patch].every((part) => part! >= 0) ? [major!, minor!, patch!] : undefined;
}
