import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { AwsClients } from '../../../deploy/clients/aws.js';
import { projectRoot } from '../../../deploy/project.js';
import type { RestApiDefinition } from '../../../deploy/resources/aws/rest-api-properties.js';
import type { RestApiRoute } from '../../../deploy/resources/aws/rest-api-routes.js';
import { fingerprintOf } from '../../../deploy/resources/fingerprint.js';
import { type Stack, sortByDependency } from '../../../deploy/resources/plan.js';
import { idOf } from '../../../deploy/resources/resource.js';
import { descriptionIn, type SqlDefinition } from '../../../deploy/resources/snowflake/definition.js';
import type { GrantsDefinition } from '../../../deploy/resources/snowflake/grants.js';
import { buildStack } from '../../../deploy/stack/index.js';
import { renderPolicy } from '../../../deploy/stack/policy.js';
import { controlActionNames } from '../../../udfs/control/control-actions.js';
import { fakeContext } from '../fake-context.js';

interface Statement {
  Sid?: string;
  Condition?: object;
  Action: string | string[];
  Resource: string | string[];
}

const aws = { accountId: '123456789012', region: 'us-east-1' } as AwsClients;

describe('the stack', () => {
  let stack: Stack;
  before(async () => {
    stack = await buildStack(fakeContext({ aws }));
  });

  const routes = () =>
    (stack.resources.find(({ kind }) => kind === 'aws.rest-api')!.definition as RestApiDefinition).routes;

  /** What callers see of the statuses of the service behind a route. */
  const answered = (which: (route: RestApiRoute) => boolean) => {
    const { responses } = routes().find(which)!;
    // As API Gateway selects: the first pattern that matches as a whole, else the response without one.
    const seen = (status: string) =>
      (
        responses.find(({ pattern }) => pattern !== '' && new RegExp(`^(?:${pattern})$`).test(status)) ??
        responses.find(({ pattern }) => pattern === '')
      )?.status;
    const statuses = ['200', '400', '403', '404', '413', '424', '429', '500', '502', '503'];
    return statuses.map((status) => `${status} → ${seen(status)}`);
  };

  it('is in order, and every kind has a handler', () => {
    const known = new Set(stack.kinds.map(({ id }) => id));
    for (const resource of sortByDependency(stack.resources))
      expect(known, idOf(resource)).to.include(resource.kind);
  });

  it('is the same whenever it is built, so that nothing is replaced without need', async () => {
    const again = await buildStack(fakeContext({ aws }));
    const prints = (s: Stack) => s.resources.map((r) => `${idOf(r)} ${fingerprintOf(r.kind, r.definition)}`);
    expect(prints(again)).to.deep.equal(prints(stack));
  });

  it('calls nothing by a name that it takes over, and has each earlier name in the changelog', async () => {
    const ctx = fakeContext({ aws });
    const { mail, tasks } = ctx.settings;
    const settings = {
      ...ctx.settings,
      mail: { ...mail, verified: ['analyst@example.org'] },
      tasks: { ...tasks, challenger: 'health-v1' },
    };
    const { resources } = await buildStack({ ...ctx, settings });
    const bare = (name: string) => name.replace(/\(.*/s, '');
    // An earlier list of arguments is no other name.
    const earlier = resources.flatMap(({ name, formerly = [] }) =>
      formerly.map(bare).filter((former) => former !== bare(name)),
    );
    // The newest release's section.
    const page = readFileSync(join(projectRoot, 'CHANGELOG.md'), 'utf8')
      .split(/^## /m)[1]!
      .replaceAll('*DATASET*', 'HEALTH');
    const rows = [...page.matchAll(/^\| [\w, ]+ \| (\w+) \| (\w+) \|$/gm)];
    expect(rows.map(([, from]) => from)).to.have.members(earlier);
    const names = new Set(resources.map(({ name }) => bare(name)));
    expect(earlier.filter((name) => names.has(name))).to.deep.equal([]);
  });

  it('says of every table, view, procedure and function what it is, before the fingerprint', () => {
    const described = /^snowflake\.(table|view|procedure|function|external-function)$/;
    for (const { kind, name, definition } of stack.resources.filter((each) => described.test(each.kind))) {
      const { create, description } = definition as SqlDefinition & { readonly description?: string };
      expect(description ?? descriptionIn(create), `${kind}:${name}`).to.match(/^\S.{10,}[.…] ?$/);
    }
  });

  it('leaves room for the fingerprint in every statement, and replaces no integration and no table', () => {
    for (const resource of stack.resources) {
      const { create, update } = resource.definition as Partial<SqlDefinition>;
      if (create === undefined) continue;
      const statements = [create, ...(update ?? [])];
      expect((update ?? [create]).at(-1), idOf(resource)).to.contain('{fingerprint}');
      if (/integration|table|database|schema|warehouse|stream/.test(resource.kind))
        // A stream that begins with all rows of its table loses none: so features are rebuilt.
        for (const sql of statements)
          if (!/^-- Features as .*\n.*SHOW_INITIAL_ROWS = TRUE$/.test(sql))
            expect(sql, idOf(resource)).not.to.match(/OR REPLACE/i);
    }
  });

  it('deploys a dataset of a hundred features, every one of which stands in its statements as it can be read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'los-wide-'));
    const names = Array.from({ length: 80 }, (_, i) => `LABORATORY_VALUE_AT_ADMISSION_${i}`);
    const lines = (text: (name: string) => string) =>
      names.map((name) => `  ${name}: ${text(name)}\n`).join('');
    const wide = readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8')
      .replace('columns:\n', `columns:\n${lines(() => 'FLOAT')}`)
      .replace('features:\n', `features:\n${lines(() => '{ type: numeric, default: 0 }')}`);
    try {
      writeFileSync(join(folder, 'wide.yaml'), wide);
      const settings = { ...fakeContext().settings, dataset: join(folder, 'wide.yaml') };
      const { resources } = await buildStack(fakeContext({ aws, settings }));
      const merge = resources.find(({ name }) => name === 'BUILD_FEATURES()')!.definition as SqlDefinition;
      for (const name of names) expect(merge.create).to.contain(`f.${name} IS DISTINCT FROM n.${name} OR`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('lets Snowflake repeat what passes by waiting: throttling, 5xx, and what SageMaker makes of a failed container', () => {
    expect(answered(({ path }) => path.startsWith('/endpoints/'))).to.deep.equal([
      '200 → 200',
      '400 → 400',
      '403 → 400',
      '404 → 400',
      '413 → 400',
      '424 → 500',
      '429 → 429',
      '500 → 500',
      '502 → 500',
      '503 → 503',
    ]);
  });

  it('lets SageMaker’s errors through as answers where procedures ask, and Snowflake repeat the rest', () => {
    for (const action of controlActionNames)
      expect(answered(({ path }) => path === `/control/${action}`)).to.deep.equal([
        '200 → 200',
        '400 → 200',
        '403 → 200',
        '404 → 200',
        '413 → 200',
        '424 → 200',
        '429 → 429',
        '500 → 500',
        '502 → 500',
        '503 → 500',
      ]);
  });

  it('has a route for each action that procedures may ask for, and each names its operation', () => {
    const control = routes().filter(({ path }) => path.startsWith('/control/'));
    expect(control.map(({ path }) => path)).to.deep.equal(
      controlActionNames.map((action) => `/control/${action}`),
    );
    for (const { path, integration } of control) {
      const action = path.split('/').at(-1);
      expect(integration.uri).to.equal(`arn:aws:apigateway:us-east-1:sagemaker:action/${action}`);
      expect(integration.requestParameters['integration.request.header.X-Amz-Target']).to.equal(
        `'SageMaker.${action}'`,
      );
      expect(integration.credentials).to.equal('arn:aws:iam::123456789012:role/los-control');
    }
  });

  it('gives the role behind those routes just their actions, on what carries the prefix', () => {
    const role = stack.resources.find(({ name }) => name === 'los-control')!;
    const { control } = (role.definition as { policies: { control: { Statement: Statement[] } } }).policies;
    const [own, ...others] = control.Statement;
    const [pass, find, ...bound] = others.reverse();
    const allowed = [own!, find!, ...bound].flatMap(({ Action }) => Action);
    // What costs money or takes code in is allowed as the settings have it, and not otherwise.
    const conditions = Object.fromEntries(bound.map((statement) => [statement.Sid, statement.Condition]));
    const instances = {
      'ForAllValues:StringEquals': { 'sagemaker:InstanceTypes': ['ml.m5.xlarge'] },
      Null: { 'sagemaker:InstanceTypes': 'false' },
    };
    const ended = { NumericLessThanEquals: { 'sagemaker:MaxRuntimeInSeconds': '86400' } };
    const isolated = { Bool: { 'sagemaker:NetworkIsolation': 'true' } };
    expect(conditions).to.deep.equal({
      TrainWithoutNetwork: { ...instances, ...ended, ...isolated },
      CreateTransformJob: instances,
      CreateEndpointConfig: {
        NumericLessThanEquals: {
          'sagemaker:ServerlessMaxConcurrency': '2',
          'sagemaker:ServerlessMemorySize': '2048',
        },
      },
    });
    expect(allowed).to.have.members(
      [...controlActionNames, 'AddTags'].map((action) => `sagemaker:${action}`),
    );
    for (const resource of [own!.Resource].flat())
      expect(resource).to.match(/^arn:aws:sagemaker:us-east-1:123456789012:[a-z-]+\/los-\*$/);
    expect(find!.Action).to.deep.equal(['sagemaker:ListModelPackages']);
    expect(pass).to.deep.include({
      Action: 'iam:PassRole',
      Resource: 'arn:aws:iam::123456789012:role/los-sagemaker',
      Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
  });

  it('lets LOS_PATIENTS alone see who of the patients leaves when, and write nothing', () => {
    const list = 'PREDICT_LOS.LOS.LOS_EXPECTED_DISCHARGES';
    for (const { kind, name, definition } of stack.resources) {
      if (kind !== 'snowflake.grants') continue;
      const { grants } = definition as GrantsDefinition;
      expect(
        grants.some((grant) => grant.name === list),
        name,
      ).to.equal(name === 'LOS_PATIENTS');
      if (name === 'LOS_PATIENTS')
        expect(new Set(grants.map(({ privilege }) => privilege))).to.deep.equal(new Set(['USAGE', 'SELECT']));
    }
  });

  it('grants LOS_SAGEMAKER to no role', () => {
    const grants = stack.resources.filter(({ kind }) => kind === 'snowflake.grants');
    expect(grants).to.have.length(6);
    for (const { name, definition } of grants) {
      const { grants: given, objects } = definition as GrantsDefinition;
      expect(
        given.filter((grant) => grant.name.includes('LOS_SAGEMAKER')),
        name,
      ).to.deep.equal([]);
      // So that a grant which a person adds is drift.
      expect(objects).to.include('FUNCTION PREDICT_LOS.LOS.LOS_SAGEMAKER(VARCHAR, OBJECT)');
    }
  });

  it('does not carry the account of one deployment into another', async () => {
    const other = await buildStack(
      fakeContext({ aws: { accountId: '210987654321', region: 'eu-west-1' } as AwsClients }),
    );
    expect(JSON.stringify(other.resources)).not.to.match(/123456789012|us-east-1/);
  });

  it('gives roles narrow policies: no action or principal is a wildcard', () => {
    const values = {
      prefix: 'los',
      region: 'us-east-1',
      account: '1',
      bucket: 'b',
      stage: 'prod',
      role: 'r',
      controlRole: 'c',
      registry: '2',
    };
    for (const name of ['snowflake-storage', 'apigateway', 'sagemaker', 'rest-api-policy']) {
      const { Statement } = renderPolicy(name, values) as {
        Statement: { Effect: string; Action: string | string[]; Principal?: unknown }[];
      };
      for (const { Effect, Action, Principal } of Statement) {
        for (const action of [Action].flat()) expect(action).not.to.contain('*');
        if (Effect === 'Allow') expect(JSON.stringify(Principal ?? '')).not.to.contain('*');
      }
    }
    expect(() => renderPolicy('sagemaker', {})).to.throw();
  });
});
