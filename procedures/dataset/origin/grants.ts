import type { Contract, Origin } from '../contract.js';
import { codeOf } from './query-text.js';

const NAME = '(?:[A-Za-z_][A-Za-z0-9_$]*|"(?:[^"]|"")+")';

/** Parts of a name, each as it stands in SQL; unquoted ones in upper case. */
export function nameParts(name: string): string[] {
  return (name.match(new RegExp(NAME, 'g')) || []).map((part) =>
    part.charAt(0) === '"' ? part : part.toUpperCase(),
  );
}

/**
 * The relations that are read, as far as their names say so: what stands behind FROM and JOIN with a schema before it. A name without one
 * is of the query itself, or of the product's schema.
 * @param database where a name of two parts is
 * @returns DATABASE.SCHEMA.NAME each, once
 */
export function relationsBelow({ source, query }: Origin, database: string): string[] {
  const names = source === undefined ? [] : [source];
  const list = new RegExp(
    `\\b(?:FROM|JOIN)\\s+((?:${NAME}\\.){1,2}${NAME}(?:\\s+(?:AS\\s+)?\\w+)?(?:\\s*,\\s*(?:${NAME}\\.){1,2}${NAME}(?:\\s+(?:AS\\s+)?\\w+)?)*)`,
    'gi',
  );
  const one = new RegExp(`(?:${NAME}\\.){1,2}${NAME}`, 'g');
  const code = codeOf(query || '');
  for (let found = list.exec(code); found !== null; found = list.exec(code))
    for (const name of (found[1] as string).match(one) || []) names.push(name);
  const full = names.map((name) => {
    const parts = nameParts(name);
    return (parts.length === 2 ? [database, ...parts] : parts).join('.');
  });
  return full.filter((name, i) => full.indexOf(name) === i);
}

/**
 * The statements by which the owner of relations, or a role with MANAGE GRANTS, lets a role read them, and nothing more.
 * @param relations DATABASE.SCHEMA.NAME each
 */
export function readingGrants(relations: readonly string[], role: string): string[] {
  const statements: string[] = [];
  const add = (statement: string) => {
    if (statements.indexOf(statement) < 0) statements.push(statement);
  };
  for (const relation of relations) {
    const [database, schema] = nameParts(relation);
    add(`GRANT USAGE ON DATABASE ${database} TO ROLE ${role};`);
    add(`GRANT USAGE ON SCHEMA ${database}.${schema} TO ROLE ${role};`);
  }
  for (const relation of relations) add(`GRANT SELECT ON TABLE ${relation} TO ROLE ${role};`);
  return statements;
}

/**
 * The same for relations that are replaced at night, whose grants go with them: of what is made in their schemas from then on.
 * A future grant on a schema makes Snowflake ignore those on its database for the same kind of object, of all roles (GRANT
 * <privileges>, "Future grants on database or schema objects"). So the schema gets those again that ours would hide.
 * @param relations DATABASE.SCHEMA.NAME each
 * @returns what to look at first, a SELECT a schema that writes the grants that would be hidden, and ours
 */
export function futureGrants(relations: readonly string[], role: string) {
  const distinct = (all: readonly string[]) => all.filter((each, i) => all.indexOf(each) === i);
  const schemas = distinct(relations.map((relation) => nameParts(relation).slice(0, 2).join('.')));
  const databases = distinct(relations.map((relation) => nameParts(relation)[0] as string));
  return {
    look: databases
      .map((database) => `SHOW FUTURE GRANTS IN DATABASE ${database};`)
      .concat(schemas.map((schema) => `SHOW FUTURE GRANTS IN SCHEMA ${schema};`)),
    restore: schemas.map(
      (schema) =>
        `SHOW FUTURE GRANTS IN DATABASE ${nameParts(schema)[0]} ->> SELECT 'GRANT ' || "privilege" || ' ON FUTURE ' || "grant_on" || 'S IN SCHEMA ${schema.replace(/'/g, "''")} TO ROLE "' || "grantee_name" || '"' || IFF("grant_option"::BOOLEAN, ' WITH GRANT OPTION', '') || ';' AS STATEMENT FROM $1 WHERE "grant_on" IN ('TABLE', 'VIEW');`,
    ),
    grant: ([] as string[]).concat(
      ...schemas.map((schema) =>
        ['TABLES', 'VIEWS'].map(
          (kind) => `GRANT SELECT ON FUTURE ${kind} IN SCHEMA ${schema} TO ROLE ${role};`,
        ),
      ),
    ),
  };
}

/**
 * Reads, from what Snowflake says when a role may not see something, the grants that are likely to be missing.
 * @param message that of Snowflake
 * @returns none where it names nothing that is read
 */
export function missingGrants(message: string, relations: readonly string[], role: string): string[] {
  const parts = partsMissing(message);
  const about = relationsMissing(parts, relations);
  const skip = [/^$/, /^$/, /ON DATABASE /, /ON (DATABASE|SCHEMA) /][Math.min(3, parts.length)];
  return readingGrants(about.length > 0 ? about : relations, role).filter(
    (statement) => !skip?.test(statement),
  );
}

/** Parts of the name of the database, schema or relation that Snowflake names as missing. */
function partsMissing(message: string): string[] {
  const named = /'([^']+)' does not exist or not authorized/i.exec(message);
  return nameParts(named === null ? '' : (named[1] as string));
}

function relationsMissing(parts: readonly string[], relations: readonly string[]): string[] {
  return relations.filter((relation) => {
    const own = nameParts(relation);
    return (
      parts.length > 0 &&
      parts.every((part, i) => part === own[i + own.length - Math.max(own.length, parts.length)])
    );
  });
}

/**
 * Statements that the owners of relations run, for rows that others own.
 * @param role whose rights procedures have
 * @param database where a name of two parts is
 * @param others relations that are read beside the admissions' (`originsOf`), none of them of the product's schema; undefined: there are none
 */
export function ownersPart(
  { origin, changes }: Pick<Contract, 'origin' | 'changes'>,
  role: string,
  database: string,
  others?: readonly string[],
) {
  if (origin === undefined && others === undefined) return undefined;
  const own = origin === undefined ? [] : relationsBelow(origin, database);
  const relations = own.concat((others || []).filter((name) => own.indexOf(name) < 0));
  return {
    role,
    names: relations.join(', ') || 'what the query reads',
    read: readingGrants(relations, role),
    future: futureGrants(relations, role),
    stream:
      changes === 'stream'
        ? own.map((relation) => `ALTER TABLE ${relation} SET CHANGE_TRACKING = TRUE;`)
        : [],
  };
}

/**
 * Why one of several relations cannot be read, and what its owner does.
 * @param relations that are read: DATABASE.SCHEMA.NAME each
 * @param message that of Snowflake
 */
export function describeClosed(relations: readonly string[], message: string, role: string) {
  const parts = partsMissing(message);
  const about = relationsMissing(parts, relations);
  const names = about.length > 0 ? about : relations;
  const what = names.join(', ') || parts.join('.') || 'A relation';
  return {
    what: `${names.length > 1 ? 'One of ' : ''}${what} is not there, or the role ${role} may not read it.`,
    next:
      relations.length === 0
        ? 'Write it with its database and schema: DATABASE.SCHEMA.NAME.'
        : `Its owner, or a role with MANAGE GRANTS, runs: ${missingGrants(message, relations, role).join(' ')} Of a view it is ON VIEW; of a database that is shared into the account only GRANT IMPORTED PRIVILEGES ON DATABASE … TO ROLE ${role}; docs/sources.md says what keeps grants on what is replaced at night.`,
  };
}
