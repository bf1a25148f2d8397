import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where scripts/python.mjs makes its virtual environments. */
const ENVIRONMENTS = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'predict-los', 'python');

/** A program of one of them; undefined where it could not be made. @param name as scripts/python.mjs has it */
export function programOf(
  name: 'peers' | 'clients' | 'today' | 'before' | 'snow' | 'suites' | 'dbt',
  program: string,
): string | undefined {
  const file = join(ENVIRONMENTS, name, 'bin', program);
  return existsSync(file) ? file : undefined;
}

/**
 * The first Python here that can import the modules, or undefined: PYTHON where it is set, the project's own with
 * pip's newest packages, those of the system.
 * @param modules e.g. `boto3, moto`
 */
export function pythonWith(modules: string): string | undefined {
  const own = [programOf('peers', 'python3'), programOf('suites', 'python3')];
  return [process.env.PYTHON, ...own, 'python3', '/usr/bin/python3']
    .filter((python): python is string => !!python)
    .find((python) => spawnSync(python, ['-c', `import ${modules}`]).status === 0);
}

/**
 * Has the local SageMaker of this process and its children use the C library of a Python's xgboost, so that both are the
 * same XGBoost. LIBXGBOOST, where it is set, stands.
 * @throws Error where that Python has no xgboost
 */
export function shareXgboost(python: string): void {
  const script = 'from xgboost.libpath import find_lib_path; print(find_lib_path()[0])';
  const run = spawnSync(python, ['-c', script], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${python} has no xgboost: ${run.stderr}`);
  process.env.LIBXGBOOST ??= run.stdout.trim();
}

/** The one with pandas and XGBoost; without either the peers fail, and say so. */
export const PYTHON = pythonWith('pandas, xgboost') ?? 'python3';

/** What a peer in Python runs in. */
export function pythonEnv(): NodeJS.ProcessEnv {
  // NumPy's OpenBLAS does not start with what these may be set to here.
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...env } = process.env;
  // Without it OpenMP's threads fight for the cores with whatever else runs, up to several times slower.
  return { ...env, OMP_WAIT_POLICY: 'PASSIVE' };
}

/**
 * Runs Python to its end.
 * @param args a file and its arguments, or `-c` and a program
 * @returns what it printed
 * @throws Error with what it said, where it fails
 */
export function python(...args: string[]): string {
  const run = spawnSync(PYTHON, args, { encoding: 'utf8', env: pythonEnv() });
  if (run.status !== 0) throw new Error(`${PYTHON} ${args[0]}: ${run.stderr}`);
  return run.stdout;
}

/** The features of ../shared/reference/seed_way.py: `numeric`, `categorical` and `features(rows)`, for peers that do a part of it. */
export const SEED_FEATURES = `
import numpy as np, pandas as pd
numeric = ["AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL", "VISITORS_WITH_PATIENT", "ADMISSION_DEPOSIT"]
categorical = ["HOSPITAL_CODE", "HOSPITAL_TYPE_CODE", "CITY_CODE_HOSPITAL", "HOSPITAL_REGION_CODE", "DEPARTMENT", "WARD_TYPE",
  "WARD_FACILITY_CODE", "BED_GRADE", "CITY_CODE_PATIENT", "TYPE_OF_ADMISSION", "SEVERITY_OF_ILLNESS", "AGE",
  "ADMISSION_MONTH", "ADMISSION_DAY", "ADMISSION_ILLNESS", "ILLNESS_BEDGRADE", "DEPARTMENT_ILLNESS"]
def features(rows):
    rows = rows.copy()
    for name in ("BED_GRADE", "CITY_CODE_PATIENT"):
        rows[name] = rows[name].fillna(0).astype(int).astype(str)
    rows["ADMISSION_MONTH"] = rows.ADMISSION_DATE.dt.strftime("%b")
    rows["ADMISSION_DAY"] = rows.ADMISSION_DATE.dt.strftime("%a")
    rows["ADMISSION_ILLNESS"] = rows.TYPE_OF_ADMISSION + "-" + rows.SEVERITY_OF_ILLNESS
    rows["ILLNESS_BEDGRADE"] = rows.SEVERITY_OF_ILLNESS + "-" + rows.BED_GRADE
    rows["DEPARTMENT_ILLNESS"] = rows.DEPARTMENT + "-" + rows.SEVERITY_OF_ILLNESS
    rows[categorical] = rows[categorical].astype(str)
    return rows
`;
