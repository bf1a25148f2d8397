import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { projectRoot } from '../../deploy/project.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';

/** Members that procedures/snowflake.d.ts declares of an interface, or of the global `snowflake`. */
function declared(name: string): string[] {
  const text = readFileSync(join(projectRoot, 'procedures', 'snowflake.d.ts'), 'utf8');
  const start = text.search(new RegExp(`(interface ${name}\\b|declare const ${name}:)`));
  const body = text.slice(start, text.indexOf('\n}', start));
  return [...body.matchAll(/^ {2}(\w+)[(:]/gm)].map((match) => match[1]!);
}

describe("the typings of Snowflake's procedure API", () => {
  const cloud = hostedCloud();
  let ctx: OpenContext;
  before(async () => {
    ctx = await cloud.open();
    for (const sql of ['CREATE WAREHOUSE W', 'CREATE DATABASE D', 'USE SCHEMA D.PUBLIC'])
      await ctx.snowflake.execute(sql);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('declare what a procedure finds, and nothing that it does not', async () => {
    await ctx.snowflake.execute(`CREATE PROCEDURE MEMBERS() RETURNS VARIANT LANGUAGE JAVASCRIPT AS $$
      const members = (object) => {
        const names = new Set();
        for (let at = object; at && at !== Object.prototype && at !== Date.prototype; at = Object.getPrototypeOf(at))
          for (const name of Object.getOwnPropertyNames(at)) names.add(name);
        names.delete('constructor');
        return [...names].sort();
      };
      const statement = snowflake.createStatement({ sqlText: 'SELECT CURRENT_TIMESTAMP() AS T' });
      const rows = statement.execute();
      rows.next();
      let refused;
      try { snowflake.execute({ sqlText: 'SELECT * FROM NOWHERE' }); } catch (error) { refused = error; }
      return {
        snowflake: members(snowflake),
        statement: members(statement),
        rows: members(rows),
        date: members(rows.getColumnValue(1)),
        error: ['code', 'state', 'stackTraceTxt', 'message'].filter((name) => refused[name] !== undefined),
      };
    $$`);
    const [row] = await ctx.snowflake.query<{ MEMBERS: Record<string, string[]> }>('CALL MEMBERS()');
    const found = row!.MEMBERS;
    expect(found.snowflake).to.include.members(declared('snowflake'));
    expect(found.statement).to.include.members(declared('SnowflakeStatement'));
    expect(found.rows).to.include.members(declared('SnowflakeResultSet'));
    expect(found.date).to.include.members(declared('SfDate').filter((name) => name !== 'toString'));
    expect(found.error).to.include.members(declared('SnowflakeError'));
    // Public methods of the objects are all typed.
    const typed = new Set(
      ['snowflake', 'SnowflakeStatement', 'SnowflakeResultSet', 'SfDate'].flatMap((name) => declared(name)),
    );
    const missing = [...found.snowflake!, ...found.statement!, ...found.rows!, ...found.date!].filter(
      (name) => /^(get|is|next|execute|create|add|set|log)/.test(name) && !typed.has(name),
    );
    expect(missing).to.deep.equal([]);
  });
});
