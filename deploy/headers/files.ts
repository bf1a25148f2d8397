import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from '../../procedures/dataset/contract.js';
import { invocations, type Place } from '../../procedures/ground/names.js';
import type { Only } from '../../procedures/object.js';
import { projectRoot } from '../project.js';
import { type Declaration, FOLDERS, parseDeclaration } from './header.js';

/**
 * Reads the declarations of sql/ and tasks/, in order of kind and file.
 * @throws Error for a file whose header is wrong (header.ts)
 */
export function readDeclarations(): readonly Declaration[] {
  declared ??= Object.entries(FOLDERS).flatMap(([folder, kind]) =>
    readdirSync(join(projectRoot, folder))
      .filter((name) => name.endsWith('.sql'))
      .sort()
      .map((name) => {
        const file = `${folder}/${name}`;
        return parseDeclaration(file, kind, readFileSync(join(projectRoot, file), 'utf8'));
      }),
  );
  return declared;
}

/** They do not change under a process. */
let declared: readonly Declaration[] | undefined;

/**
 * A name in a header as it is in the account: <DATASET> stands for the contract's name, <TABLE> for its table, <INVOKE>,
 * <INVOKE_DETAIL> and <INVOKE_REASONS> for the external functions, whose names a setting changes.
 */
export function accountName(name: string, contract: Pick<Contract, 'name' | 'table'>, place: Place): string {
  const { days, detail, reasons } = invocations(place);
  return name
    .replaceAll('<DATASET>', contract.name.toUpperCase())
    .replaceAll('<TABLE>', contract.table)
    .replaceAll('<INVOKE>', days)
    .replaceAll('<INVOKE_DETAIL>', detail)
    .replaceAll('<INVOKE_REASONS>', reasons);
}

/** Names of all objects of sql/ and tasks/ that are the same for every dataset. */
export function objectNames(): readonly string[] {
  return readDeclarations()
    .map(({ header }) => header.name)
    .filter((name) => /^[A-Z_]+$/.test(name));
}

export interface DeclaredTask {
  readonly name: string;
  readonly only?: Only;
  readonly operators?: 'run' | 'operate';
  /** KIND of the run that it writes into LOS_RUN_LOG. */
  readonly run?: string;
  /** When it starts: a schedule of Snowflake's, with settings as {{tasks.watch}}; `triggered`, or left out, where a stream or another task wakes it. */
  readonly schedule?: string;
  /** True if it is a step of the scoring graph. */
  readonly inGraph: boolean;
}

/** All tasks, those too that only some settings deploy. */
export function taskDeclarations(): readonly DeclaredTask[] {
  const tasks = readDeclarations().filter(({ kind }) => kind === 'task');
  const follows = ({ text }: Declaration) => /^ *(?:AFTER|FINALIZE =) \{\{ref:(\w+)\}\}/m.exec(text)?.[1];
  const roots = new Set(tasks.map(follows));
  return tasks.map((task) => ({
    ...task.header,
    inGraph: follows(task) !== undefined || roots.has(task.header.name),
  }));
}

/** Tasks beside the scoring graph that come by a schedule, whether there are admissions or not. */
export function tasksBeside(settings: {
  readonly tasks: object;
}): readonly { readonly name: string; readonly schedule: string }[] {
  return (
    taskDeclarations()
      // Which contract there is they do not know: those of events are four runs more a day.
      .filter(
        ({ only, schedule, inGraph }) =>
          only !== 'events' && !inGraph && schedule !== undefined && schedule !== 'triggered',
      )
      .map(({ name, schedule = '' }) => ({
        name,
        schedule: schedule.replace(/^\{\{tasks\.(\w+)\}\}$/, (_, key: string) => {
          const value = (settings.tasks as Readonly<Record<string, unknown>>)[key];
          if (typeof value !== 'string')
            throw new Error(`${name} has a schedule tasks.${key}, which is no setting`);
          return value;
        }),
      }))
  );
}
