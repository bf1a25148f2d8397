import { costLines } from '../clients/control.js';
import { type Status, status } from '../operate/status.js';
import type { Command } from './command.js';

export const command: Command<Record<string, never>, Status> = {
  examples: [
    ['los status', 'versions, endpoints, tasks and rows'],
    ['los status --target cloud --json', 'the same of the real clouds, for a script'],
  ],
  run: (ctx) => ctx.progress.step('Look at both clouds', () => status(ctx)),
  print: (s) => [
    `Deployed   ${s.deployed.asDeclared} objects as declared, ${s.deployed.toChange.length} to change`,
    `Model      ${s.translator ?? 'none promoted yet'}`,
    ...s.endpoints.map(({ name, status }) => `Endpoint   ${name}: ${status}`),
    ...s.tasks.map(
      (t) =>
        `Task       ${t.name}: ${t.state}${t.lastRun ? `, last run ${t.lastRun} ${t.lastState}` : ', has not run yet'}`,
    ),
    ...Object.entries(s.rows).map(
      ([table, rows]) => `Table      ${table}: ${rows.toLocaleString('en-US')} rows`,
    ),
    ...(s.mails === null ? [] : [`Mails      ${s.mails}`]),
    ...(s.costs
      ? costLines(s.costs).map((line, i) => `${i ? '           ' : 'Costs      '}${line.trim()}`)
      : []),
  ],
};
