import { expect } from 'chai';
import { loadContract } from '../../../deploy/dataset/load.js';
import { parseDeclaration } from '../../../deploy/headers/header.js';
import { schemaObjects } from '../../../deploy/objects/index.js';
import { Scope } from '../../../deploy/objects/scope.js';
import { makeResource } from '../../../deploy/objects/sql-objects.js';
import { taskStatements } from '../../../deploy/objects/tasks.js';
import type { SqlDefinition } from '../../../deploy/resources/snowflake/definition.js';
import { fakeContext } from '../fake-context.js';

const ctx = fakeContext({ aws: { region: 'us-east-1', accountId: '123456789012' } as never });
const { settings } = ctx;
const contract = loadContract(settings.dataset, settings.timeZone);
const ALL = {
  dates: true,
  mail: true,
  challenger: true,
  columns: true,
  table: true,
  origin: false,
  stream: true,
  wakes: true,
  events: false,
  others: false,
  planned: false,
  decisions: false,
  lists: false,
  expected: false,
  ready: false,
  huddle: false,
  moves: false,
  excess: false,
};

describe('objects of the schema', () => {
  const scope = () => {
    const made = new Scope(contract, settings, ALL);
    made.add('snowflake.table', 'LOS_ALARMS');
    made.add('snowflake.table', 'HEALTH_FEATURES');
    made.add('snowflake.procedure', 'FORECAST_BEDS()');
    made.add('snowflake.procedure', 'FORECAST_BEDS(OBJECT)');
    return made;
  };

  it('refer to each other by name, which is what they depend on', () => {
    const { text, needs } = scope().render('FROM {{ref:LOS_ALARMS}} JOIN {{ref:<DATASET>_FEATURES}}');
    expect(text).to.equal('FROM PREDICT_LOS.LOS.LOS_ALARMS JOIN PREDICT_LOS.LOS.HEALTH_FEATURES');
    expect(needs).to.deep.equal(['snowflake.table:LOS_ALARMS', 'snowflake.table:HEALTH_FEATURES']);
    expect(scope().render('CALL {{ref:FORECAST_BEDS}}()').needs).to.have.length(2);
  });

  it('are refused with their file where a task says when it starts and its text does not', () => {
    const text =
      'CREATE OR REPLACE TASK {{name}}\n  WAREHOUSE = {{warehouse}}\nAS CALL {{ref:FORECAST_BEDS}}()';
    const task = (source: string) => [parseDeclaration('tasks/x.sql', 'task', source)];
    const head = '-- name: LOS_X\n-- operators: run\n-- schedule: 30 MINUTE\n-- Counts.\n';
    expect(() => taskStatements(task(`${head}${text}`), scope())).to.throw(
      'tasks/x.sql: it says "-- schedule:", and its text lacks {{start}}',
    );
    const [made] = taskStatements(task(`${head}${text.replace('\nAS', '\n  {{start}}\nAS')}`), scope());
    expect(made?.create).to.contain("SCHEDULE = '30 MINUTE'");
    expect(() =>
      taskStatements(
        task(
          `-- name: LOS_X\n-- operators: run\n-- Counts.\n${text.replace('FORECAST_BEDS', 'FORECAST_BED')}`,
        ),
        scope(),
      ),
    ).to.throw('tasks/x.sql: there is no object FORECAST_BED');
  });

  it('have a triggered task wait for a stream, and run every 15 minutes where none may wake it', () => {
    const source =
      "-- name: LOS_X\n-- operators: run\n-- schedule: {{tasks.schedule}}\n-- Counts.\nCREATE OR REPLACE TASK {{name}}\n  {{compute}}\n  {{start}}\n  {{only:wakes}}WHEN SYSTEM$STREAM_HAS_DATA('S')\nAS CALL {{ref:FORECAST_BEDS}}()";
    const made = (wakes: boolean) => {
      const at = new Scope(contract, settings, { ...ALL, wakes });
      at.add('snowflake.procedure', 'FORECAST_BEDS()');
      return taskStatements([parseDeclaration('tasks/x.sql', 'task', source)], at)[0]!.create;
    };
    expect(made(true)).to.match(/TARGET_COMPLETION_INTERVAL.*\n.*TRIGGER_INTERVAL_IN_SECONDS = 900\n.*WHEN /);
    expect(made(false)).to.contain("SCHEDULE = '15 MINUTE'");
    expect(made(false)).not.to.match(/WHEN|TRIGGER|TARGET_COMPLETION/);
  });

  it('are refused where they refer to what no file declares, or need a value that nothing has', () => {
    expect(() => scope().render('{{ref:LOS_ALARM}}')).to.throw(
      'there is no object LOS_ALARM: no file declares it, or only one that these settings leave out. Did you mean LOS_ALARMS?',
    );
    expect(() => scope().render('{{wards}}')).to.throw('{{wards}} stands for nothing');
  });

  it('are made of one file each: a table and a view that nothing else names', () => {
    const closures = parseDeclaration(
      'sql/tables/ward-closures.sql',
      'table',
      '-- name: LOS_WARD_CLOSURES\n-- formerly: LOS_CLOSED\n-- readers: read\n-- figures: names: others\n-- patients: no\n-- holds: work\n-- Wards that are closed.\n{{create}} {{name}} (\n  WARD VARCHAR\n)\n{{comment}}',
    );
    const made = makeResource('table', closures, scope());
    expect(made.formerly).to.deep.equal(['LOS_CLOSED']);
    expect(made.holdsData).to.equal(true);
    expect((made.definition as SqlDefinition).update).to.deep.equal([
      "CREATE OR ALTER TABLE PREDICT_LOS.LOS.LOS_WARD_CLOSURES (\n  WARD VARCHAR\n)\nCOMMENT = 'Wards that are closed. {fingerprint}'",
    ]);
    const view = makeResource(
      'view',
      parseDeclaration(
        'sql/views/x.sql',
        'view',
        '-- name: LOS_X\n-- readers: read\n-- figures: operation: others\n-- What lasts.\nCREATE OR REPLACE VIEW {{name}}\n{{comment}}\nAS SELECT * FROM {{ref:LOS_ALARMS}}',
      ),
      scope(),
    );
    expect(view.dependsOn).to.deep.equal(['snowflake.schema:LOS', 'snowflake.table:LOS_ALARMS']);
  });

  it('name each task’s graph, and exist only where settings and contract ask for them', async () => {
    const { objects, graphs } = await schemaObjects(ctx, contract, []);
    const names = objects.map(({ resource }) => resource.name);
    expect(names).not.to.include('LOS_UNSENT_EVENTS');
    expect(names).not.to.include('SHADOW_ADMISSIONS()');
    expect(names).to.include('LOS_EXPECTED_DISCHARGES');
    expect(graphs.map(({ name }) => name)).to.include.members([
      ...['LOS_BUILD_FEATURES', 'LOS_FORECAST_BEDS'],
      ...['LOS_MONITOR_HOURLY', 'LOS_TRAIN', 'LOS_WATCH'],
    ]);
  });
});
