import { expect } from 'chai';
import {
  describeClosed,
  futureGrants,
  missingGrants,
  ownersPart,
  readingGrants,
  relationsBelow,
} from '../../../../procedures/dataset/origin/grants.js';

const below = (query: string) => relationsBelow({ query, columns: {} }, 'LOS_DB');

describe('what owners of relations grant', () => {
  it('is about the relation that is named, by upper case and quotes as Snowflake has it', () => {
    const of = (source: string) => relationsBelow({ source, columns: {} }, 'LOS_DB');
    expect(of('analytics.core."Encounter view"')).to.deep.equal(['ANALYTICS.CORE."Encounter view"']);
    expect(of('CORE.ENCOUNTER')).to.deep.equal(['LOS_DB.CORE.ENCOUNTER']);
  });

  it('is about each relation that a query names with its schema, once', () => {
    expect(
      below(`WITH w AS (SELECT * FROM raw.wards) -- FROM x.y.z
        SELECT 'FROM a.b.c', e.* FROM analytics.core.encounter AS e, analytics.core.patient p
        LEFT JOIN w ON w.id = e.ward JOIN LATERAL FLATTEN(e.x) JOIN raw.wards AS again ON TRUE`),
    ).to.deep.equal(['LOS_DB.RAW.WARDS', 'ANALYTICS.CORE.ENCOUNTER', 'ANALYTICS.CORE.PATIENT']);
    expect(below('SELECT * FROM a."b.c"."d FROM e.f"')).to.deep.equal(['A."b.c"."d FROM e.f"']);
    expect(below('SELECT 1')).to.deep.equal([]);
  });

  it('is USAGE and SELECT, and nothing more', () => {
    expect(readingGrants(['A.B.C', 'A.B.D'], 'R')).to.deep.equal([
      'GRANT USAGE ON DATABASE A TO ROLE R;',
      'GRANT USAGE ON SCHEMA A.B TO ROLE R;',
      'GRANT SELECT ON TABLE A.B.C TO ROLE R;',
      'GRANT SELECT ON TABLE A.B.D TO ROLE R;',
    ]);
    const { look, grant } = futureGrants(['A.B.C', 'A.B.D'], 'R');
    expect(look).to.deep.equal(['SHOW FUTURE GRANTS IN DATABASE A;', 'SHOW FUTURE GRANTS IN SCHEMA A.B;']);
    expect(grant).to.deep.equal([
      'GRANT SELECT ON FUTURE TABLES IN SCHEMA A.B TO ROLE R;',
      'GRANT SELECT ON FUTURE VIEWS IN SCHEMA A.B TO ROLE R;',
    ]);
  });

  it('is no more than what Snowflake says is missing', () => {
    const missing = (message: string) => missingGrants(message, ['A.B.C', 'D.E.F'], 'R');
    expect(missing("Object 'A.B.C' does not exist or not authorized.")).to.deep.equal([
      'GRANT SELECT ON TABLE A.B.C TO ROLE R;',
    ]);
    expect(missing("Schema 'D.E' does not exist or not authorized.")).to.deep.equal([
      'GRANT USAGE ON SCHEMA D.E TO ROLE R;',
      'GRANT SELECT ON TABLE D.E.F TO ROLE R;',
    ]);
    expect(missing("Database 'D' does not exist or not authorized.")).to.deep.equal(
      readingGrants(['D.E.F'], 'R'),
    );
    expect(missing('Insufficient privileges')).to.deep.equal(readingGrants(['A.B.C', 'D.E.F'], 'R'));
  });

  it('is of relations, whether Snowflake names one, its schema or its database', () => {
    const closed = (message: string, ...relations: string[]) => describeClosed(relations, message, 'R');
    for (const message of [
      "Database 'EPR' does not exist or not authorized.",
      "Schema 'EPR.ADT' does not exist or not authorized.",
      "Object 'EPR.ADT.STAYS' does not exist or not authorized.",
    ]) {
      const { what, next } = closed(message, 'EPR.ADT.STAYS', 'OTHER.CORE.T');
      expect(what).to.equal('EPR.ADT.STAYS is not there, or the role R may not read it.');
      expect(next)
        .to.contain('GRANT SELECT ON TABLE EPR.ADT.STAYS TO ROLE R;')
        .and.not.to.contain('undefined');
    }
    expect(closed("Object 'STAYS' does not exist or not authorized.")).to.deep.equal({
      what: 'STAYS is not there, or the role R may not read it.',
      next: 'Write it with its database and schema: DATABASE.SCHEMA.NAME.',
    });
  });

  it('has change tracking where a stream is wanted, and nothing of a table of ours', () => {
    const origin = { source: 'A.B.C', columns: {} };
    expect(ownersPart({ origin }, 'R', 'D')!.stream).to.deep.equal([]);
    expect(ownersPart({ origin, changes: 'stream' }, 'R', 'D')!.stream).to.deep.equal([
      'ALTER TABLE A.B.C SET CHANGE_TRACKING = TRUE;',
    ]);
    expect(ownersPart({}, 'R', 'D')).to.equal(undefined);
  });
});
