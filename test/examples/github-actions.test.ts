import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { type Command, optionsOf } from '../../deploy/commands/command.js';
import { commands } from '../../deploy/commands/index.js';
import { projectRoot } from '../../deploy/project.js';
import { loadSettings } from '../../deploy/settings/load.js';

interface Workflow {
  jobs: Record<
    string,
    { if: string; env?: Record<string, string>; steps: { run?: string; uses?: string }[] }
  >;
}

describe('the GitHub Actions example', () => {
  const text = readFileSync(join(projectRoot, 'examples', 'github-actions', 'los.yml'), 'utf8');
  const workflow = parse(text) as Workflow;
  const lines = Object.values(workflow.jobs).flatMap((job) =>
    job.steps.flatMap(({ run = '' }) => run.split('\n').filter((line) => /^\s*los /.test(line))),
  );

  it('plans on pull requests and applies on main', () => {
    expect(workflow.jobs.plan!.if).to.contain('pull_request');
    expect(workflow.jobs.apply!.if).to.contain('push');
    expect(lines.filter((line) => line.includes('los apply'))).to.have.length(1);
  });

  it('uses commands, options, environments and roles that exist', async () => {
    expect(lines).to.have.length(5);
    for (const line of lines) {
      const [, rest = ''] = /los ([^>|]*)/.exec(line)!;
      const entry = commands.find(({ name }) => `${rest} `.startsWith(`${name} `))!;
      const { command } = (await entry.load()) as { command: Command };
      const known = ['target', 'env', 'config', 'json', 'verbose', ...Object.keys(optionsOf(command))];
      for (const [, option] of rest.matchAll(/--(\w+)/g)) expect(known, line).to.include(option);
      const env = /--env (\w+)/.exec(line)![1]!;
      const settings = loadSettings(join(projectRoot, 'los.config.yaml'), {}, env);
      const { plan, apply } = workflow.jobs;
      expect(plan!.env!.SNOWFLAKE_ROLE).to.equal(settings.snowflake.roles.plan);
      expect(apply!.env!.SNOWFLAKE_ROLE).to.equal(settings.snowflake.roles.deploy);
    }
  });

  it('holds no secret, only where it comes from, and gives none to the job that proves', () => {
    expect(text).not.to.match(/BEGIN .*PRIVATE KEY|AKIA[A-Z0-9]{12}/);
    const { validate, plan, apply } = workflow.jobs;
    for (const job of [plan!, apply!]) {
      expect(job.env!.SNOWFLAKE_AUTHENTICATOR).to.equal('WORKLOAD_IDENTITY');
      // A token holds for minutes: each login has one of its own, of the step before.
      const runs = job.steps.map(({ run = '' }) => run);
      const logins = runs.flatMap((run, at) => (/los \w.*--target cloud/.test(run) ? [at] : []));
      for (const at of logins) expect(runs[at - 1]).to.contain('SNOWFLAKE_TOKEN=');
    }
    expect([...text.matchAll(/secrets\.(\w+)/g)].map(([, name]) => name)).to.deep.equal(['LOS_SMTP_URL']);
    expect(JSON.stringify(validate)).not.to.contain('secrets.');
  });

  it('finding 8: gives the keys of production to the environment that asks for approval alone', () => {
    const { validate, plan, apply } = workflow.jobs;
    expect(apply).to.have.property('environment', 'prod');
    const names = (job: unknown) =>
      [...JSON.stringify(job).matchAll(/(?:secrets|vars)\.(\w+)/g)].map(([, name]) => name!);
    const shared = names([validate, plan]).filter((name) => names(apply).includes(name));
    expect(new Set(shared)).to.deep.equal(new Set(['SNOWFLAKE_ACCOUNT']));
    for (const job of [validate, plan]) expect(job).not.to.have.property('environment');
  });

  it('finding 8: pins every action by a commit, and says which tag that is', () => {
    const uses = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
    expect(uses).to.have.length(8);
    for (const line of uses) expect(line).to.match(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('fetches nothing by the name of a command', () => {
    const pages = ['README.md', 'docs/README.md', 'docs/your-clouds.md', 'examples/github-actions/README.md'];
    for (const page of [text, ...pages.map((path) => readFileSync(join(projectRoot, path), 'utf8'))])
      expect(page).not.to.match(/npx (-\S+ )*los\b/);
  });
});
