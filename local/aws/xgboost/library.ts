/** XGBoost's C functions, bound with koffi. Signatures: xgboost/c_api.h of release 3.0. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { KoffiFunc, LibraryHandle } from 'koffi';
import { libraryFiles } from './find.js';
import { installAdvice } from './install.js';
import { refusalOf, type Version, versionText } from './versions.js';

/** Raised when there is no library that will do; the message says what there is, and the one command to type. */
export class XgboostMissing extends Error {
  override name = 'XgboostMissing';

  /**
   * @param why sentences: what is there, and why it will not do
   * @param toDo what to do about it
   */
  constructor(
    readonly why: string,
    readonly toDo: string,
  ) {
    super(`${why} ${toDo}`);
  }

  /** The same with another command to type. */
  with(command: string): XgboostMissing {
    return new XgboostMissing(this.why, installing(command));
  }
}

const installing = (command: string) =>
  `Without it the local SageMaker can neither train nor serve. Install it: ${command} (or set LIBXGBOOST to its path).`;

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
  readonly version: Version;
  /** Calls a function that answers 0 for success; throws XgboostError with the library's message otherwise. */
  call(name: Name, ...args: unknown[]): void;
  /** The address of a typed array's memory; the array must stay referenced while the address is used. */
  address(array: ArrayBufferView): bigint;
  /** A copy of `length` bytes of the library's memory. */
  copy(pointer: Handle, length: number): Uint8Array;
}

let loaded: XgboostLibrary | undefined;

/**
 * Loads the library, once per thread: the one that LIBXGBOOST names, else the first on this machine that will do.
 *
 * @throws XgboostMissing when there is none
 */
export function loadXgboost(): XgboostLibrary {
  loaded ??= process.env.LIBXGBOOST ? loadNamed(process.env.LIBXGBOOST) : loadFound();
  return loaded;
}

function loadNamed(path: string): XgboostLibrary {
  const library = existsSync(path) ? load(path) : 'There is no such file.';
  if (typeof library !== 'string') return library;
  throw new XgboostMissing(
    `LIBXGBOOST is set to ${path}. ${library}`,
    'Point it at libxgboost.so (libxgboost.dylib on macOS), or unset it: then one is looked for.',
  );
}

function loadFound(): XgboostLibrary {
  const refused: string[] = [];
  for (const path of libraryFiles()) {
    const library = load(path);
    if (typeof library !== 'string') return library;
    refused.push(library);
  }
  const why = refused.length > 0 ? refused.join(' ') : "XGBoost's C library was not found.";
  throw new XgboostMissing(why, installing(installAdvice()));
}

/** The library in a file, or a sentence: why it will not do. */
function load(path: string): XgboostLibrary | string {
  // Without it idle OpenMP threads spin, and two trainings on the same cores take up to four times as long.
  process.env.OMP_WAIT_POLICY ??= 'PASSIVE';
  // Required late: koffi is an optional dependency, and only a local cloud that trains or serves needs it.
  const koffi = requireKoffi();
  let library: LibraryHandle;
  let version: Version;
  try {
    library = koffi.load(path);
    const parts = [[0], [0], [0]];
    library.func(PROTOTYPES.XGBoostVersion)(...parts);
    version = parts.flat().map(Number) as unknown as Version;
  } catch (error) {
    return `${path} cannot be loaded (${(error as Error).message}).`;
  }
  const refusal = refusalOf(version);
  if (refusal) return `XGBoost ${versionText(version)} (${path}) ${refusal}.`;
  const functions = new Map<string, KoffiFunc<(...args: unknown[]) => unknown>>();
  try {
    for (const [name, prototype] of Object.entries(PROTOTYPES)) functions.set(name, library.func(prototype));
  } catch (error) {
    return `XGBoost ${versionText(version)} (${path}) lacks what is called here (${(error as Error).message}).`;
  }
  return {
    path,
    version,
    call(name, ...args) {
      if (functions.get(name)!(...args) === 0) return;
      throw new XgboostError(withoutStack(String(functions.get('XGBGetLastError')!())));
    },
    address: (array) => koffi.address(array),
    // A view is external memory that the library may reuse: never let one escape.
    copy: (pointer, length) => new Uint8Array(koffi.view(pointer, length)).slice(),
  };
}

/** @throws Error where it is not installed, or has no build for this platform */
function requireKoffi(): typeof import('koffi') {
  try {
    return createRequire(import.meta.url)('koffi') as typeof import('koffi');
  } catch (error) {
    throw new Error(
      `The npm package koffi, through which XGBoost is called, cannot be loaded (${(error as Error).message.split('\n')[0]}). Run npm install without --omit=optional.`,
      { cause: error },
    );
  }
}

/** XGBoost's messages end with a C++ stack trace, which does not help here. */
function withoutStack(message: string): string {
  const stack = message.indexOf('\nStack trace:');
  return (stack < 0 ? message : message.slice(0, stack)).replace(/^\[\d\d:\d\d:\d\d\] /, '').trim();
}
