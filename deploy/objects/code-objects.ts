import { runInThisContext } from 'node:vm';
import type { Constants, PlanSource } from '../../procedures/object.js';
import { type Bundle, type EntryObject, listEntries, readBundle } from '../compile/bundle.js';
import { compileEntry } from '../compile/compile.js';
import { type Signature, signatureName } from '../compile/signature.js';
import { createFunctionSql, createProcedureSql } from '../compile/sql.js';
import { referencesIn } from '../resources/references.js';
import type { Resource } from '../resources/resource.js';
import { type SqlDefinition, sqlResource } from '../resources/snowflake/definition.js';
import type { Settings } from '../settings/settings.js';
import type { Scope } from './scope.js';

/** A JavaScript function or procedure that an entry file declares. */
export interface DeclaredCode extends EntryObject {
  readonly kind: 'function' | 'procedure';
  /** Relative to the project. */
  readonly file: string;
  readonly signature: Signature;
  /** As SHOW reports it. */
  readonly name: string;
}

/** Every entry of udfs/ and procedures/ that exports an `object`, in order of file. */
export function readCodeObjects(): readonly DeclaredCode[] {
  declared ??= listEntries().flatMap((file) => {
    const { signature, object } = readBundle(file);
    if (!object) return [];
    const { code: _, ...deployed } = object;
    const kind = file.startsWith('udfs/') ? ('function' as const) : ('procedure' as const);
    return [{ kind, file, signature, name: signatureName(signature), ...deployed }];
  });
  return declared;
}

/** They do not change under a process. */
let declared: readonly DeclaredCode[] | undefined;

/**
 * The resource of one: compiled with the constants that its plan makes, which needs what their references and `needs` name.
 * @throws UserError for a body that Snowflake would not take
 */
export async function codeResource(
  code: DeclaredCode,
  scope: Scope,
  source: PlanSource<Settings>,
): Promise<Resource<SqlDefinition>> {
  const define = await constantsOf(readBundle(code.file), source);
  const compiled = await compileEntry(code.file, { define });
  const create = code.kind === 'function' ? createFunctionSql(compiled) : createProcedureSql(compiled);
  const needs = (code.needs ?? []).flatMap((name) => scope.idsOf(name));
  return sqlResource(
    `snowflake.${code.kind}`,
    code.name,
    { create },
    {
      dependsOn: [...new Set([scope.schema, ...needs, ...referencesIn(create)])],
      ...(code.formerly ? { formerly: code.formerly.map((name) => earlierName(code.name, name)) } : {}),
    },
  );
}

/** With its arguments: its own, where those of then are not said. */
function earlierName(name: string, earlier: string): string {
  return earlier.includes('(') ? earlier : name.replace(/^\w+/, earlier);
}

/**
 * Constants that the entry's `object` makes of the deployment; the compiler has held each plan to the settings that
 * it names. It runs from its bundle: the compiled file may import what only a bundle can, as templates.
 */
async function constantsOf({ object }: Bundle, source: PlanSource<Settings>): Promise<Constants> {
  if (!object) return {};
  const entry = runInThisContext(`(() => { ${object.code}; return entry; })()`) as {
    object: { plan?(from: PlanSource<Settings>): Constants | Promise<Constants> };
  };
  return (await entry.object.plan?.(source)) ?? {};
}
