import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import type { Command } from '../../deploy/commands/command.js';
import { commands } from '../../deploy/commands/index.js';
import { projectRoot } from '../../deploy/project.js';
import { loadSettings } from '../../deploy/settings/load.js';

interface Workflow {
  env: Record<string, string>;
  jobs: Record<string, { if: string; steps: { run?: string; uses?: string }[] }>;
}

describe('the GitHub Actions example', () => {
  const text = readFileSync(join(projectRoot, 'examples', 'github-actions', 'los.yml'), 'utf8');
  const workflow = parse(text) as Workflow;
  const lines = Object.values(workflow.jobs).flatMap((job) =>
    job.steps.flatMap(({ run = '' }) => run.split('\n').filter((line) => line.includes('npx los '))),
  );

  it('plans on pull requests and applies on main', () => {
    expect(workflow.jobs.plan!.if).to.contain('pull_request');
    expect(workflow.jobs.apply!.if).to.contain('push');
    expect(lines.filter((line) => line.includes('los apply'))).to.have.length(1);
  });

  it('uses commands, options, environments and roles that exist', async () => {
    expect(lines).to.have.length(3);
    for (const line of lines) {
      const [, name, rest] = /npx los (\w+)([^>|]*)/.exec(line)!;
      const entry = commands.find((command) => command.name === name)!;
      const { command } = (await entry.load()) as { command: Command };
      const known = ['target', 'env', 'config', 'json', 'verbose', ...Object.keys(command.options ?? {})];
      for (const [, option] of rest!.matchAll(/--(\w+)/g)) expect(known, line).to.include(option);
      const env = /--env (\w+)/.exec(line)![1]!;
      const settings = loadSettings(join(projectRoot, 'los.config.yaml'), {}, env);
      expect(workflow.env.SNOWFLAKE_ROLE).to.equal(settings.snowflake.roles.deploy);
    }
  });

  it('holds no secret, only where it comes from', () => {
    expect(text).not.to.match(/BEGIN .*PRIVATE KEY|AKIA[A-Z0-9]{12}/);
    expect(workflow.env.SNOWFLAKE_PRIVATE_KEY_RAW).to.match(/^\$\{\{ secrets\./);
  });
});
