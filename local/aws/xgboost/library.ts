/** XGBoost's C functions, bound with koffi. Signatures: xgboost/c_api.h of release 3.0. */
import { createRequire } from 'node:module';
import type { KoffiFunc } from 'koffi';
import { findXgboost, XgboostMissing } from './find.js';

/** Raised when a call into XGBoost fails; the message is the library's own. */
export class XgboostError extends Error {
  override name = 'XgboostError';
}

/** An opaque pointer as koffi hands it out. */
export type Handle = bigint;

const PROTOTYPES = {
  XGBGetLastError: 'const char *XGBGetLastError()',
  XGBoostVersion: 'void XGBoostVersion(_Out_ int *major, _Out_ int *minor, _Out_ int *patch)',
  XGBSetGlobalConfig: 'int XGBSetGlobalConfig(const char *config)',
  XGDMatrixCreateFromDense:
    'int XGDMatrixCreateFromDense(const char *data, const char *config, _Out_ void **out)',
  XGDMatrixCreateFromCSR:
    'int XGDMatrixCreateFromCSR(const char *indptr, const char *indices, const char *data, uint64_t ncol, const char *config, _Out_ void **out)',
  XGDMatrixSetFloatInfo:
    'int XGDMatrixSetFloatInfo(void *handle, const char *field, const void *array, uint64_t len)',
  XGDMatrixNumRow: 'int XGDMatrixNumRow(void *handle, _Out_ uint64_t *out)',
  XGDMatrixNumCol: 'int XGDMatrixNumCol(void *handle, _Out_ uint64_t *out)',
  XGDMatrixFree: 'int XGDMatrixFree(void *handle)',
  XGBoosterCreate: 'int XGBoosterCreate(void **dmats, uint64_t len, _Out_ void **out)',
  XGBoosterFree: 'int XGBoosterFree(void *handle)',
  XGBoosterSetParam: 'int XGBoosterSetParam(void *handle, const char *name, const char *value)',
  XGBoosterUpdateOneIter: 'int XGBoosterUpdateOneIter(void *handle, int iter, void *dtrain)',
  XGBoosterEvalOneIter:
    'int XGBoosterEvalOneIter(void *handle, int iter, void **dmats, const char **names, uint64_t len, _Out_ const char **out)',
  XGBoosterSlice: 'int XGBoosterSlice(void *handle, int begin, int end, int step, _Out_ void **out)',
  XGBoosterSetAttr: 'int XGBoosterSetAttr(void *handle, const char *key, const char *value)',
  XGBoosterGetNumFeature: 'int XGBoosterGetNumFeature(void *handle, _Out_ uint64_t *out)',
  XGBoosterBoostedRounds: 'int XGBoosterBoostedRounds(void *handle, _Out_ int *out)',
  XGBoosterSaveModelToBuffer:
    'int XGBoosterSaveModelToBuffer(void *handle, const char *config, _Out_ uint64_t *len, _Out_ void **out)',
  XGBoosterLoadModelFromBuffer:
    'int XGBoosterLoadModelFromBuffer(void *handle, const void *buf, uint64_t len)',
  XGBoosterSaveJsonConfig:
    'int XGBoosterSaveJsonConfig(void *handle, _Out_ uint64_t *len, _Out_ const char **out)',
  XGBoosterPredictFromDMatrix:
    'int XGBoosterPredictFromDMatrix(void *handle, void *dmat, const char *config, _Out_ void **shape, _Out_ uint64_t *dim, _Out_ void **result)',
} as const;

type Name = keyof typeof PROTOTYPES;

/** The loaded library: raw functions plus the few conversions that every caller needs. */
export interface XgboostLibrary {
  /** The library file. */
  readonly path: string;
  /** "major.minor.patch". */
  readonly version: string;
  /** Calls a function that answers 0 for success; throws XgboostError with the library's message otherwise. */
  call(name: Name, ...args: unknown[]): void;
  /** The address of a typed array's memory; the array must stay referenced while the address is used. */
  address(array: ArrayBufferView): bigint;
  /** A copy of `length` bytes of the library's memory. */
  copy(pointer: Handle, length: number): Uint8Array;
}

let loaded: XgboostLibrary | undefined;

/**
 * Loads the library once per thread.
 *
 * @throws XgboostMissing when the library is not installed
 */
export function loadXgboost(): XgboostLibrary {
  loaded ??= load(findXgboost());
  return loaded;
}

function load(path: string): XgboostLibrary {
  // Without it idle OpenMP threads spin, and two trainings on the same cores take up to four times as long.
  process.env.OMP_WAIT_POLICY ??= 'PASSIVE';
  // Required late: koffi is an optional dependency, and only a local cloud that trains or serves needs it.
  const koffi = requireKoffi();
  const library = koffi.load(path);
  const functions = new Map<Name, KoffiFunc<(...args: unknown[]) => unknown>>();
  const bind = (name: Name) => {
    const known = functions.get(name);
    if (known) return known;
    const bound = library.func(PROTOTYPES[name]);
    functions.set(name, bound);
    return bound;
  };
  const version = [[0], [0], [0]];
  bind('XGBoostVersion')(...version);
  return {
    path,
    version: version.flat().join('.'),
    call(name, ...args) {
      if (bind(name)(...args) === 0) return;
      throw new XgboostError(withoutStack(String(bind('XGBGetLastError')())));
    },
    address: (array) => koffi.address(array),
    // A view is external memory that the library may reuse: never let one escape.
    copy: (pointer, length) => new Uint8Array(koffi.view(pointer, length)).slice(),
  };
}

function requireKoffi(): typeof import('koffi') {
  try {
    return createRequire(import.meta.url)('koffi') as typeof import('koffi');
  } catch (error) {
    throw new XgboostMissing(
      `The npm package koffi, through which XGBoost is called, cannot be loaded (${(error as Error).message.split('\n')[0]}). It is an optional dependency: run npm install without --omit=optional.`,
    );
  }
}

/** XGBoost's messages end with a C++ stack trace, which helps nobody here. */
function withoutStack(message: string): string {
  const stack = message.indexOf('\nStack trace:');
  return (stack < 0 ? message : message.slice(0, stack)).replace(/^\[\d\d:\d\d:\d\d\] /, '').trim();
}
