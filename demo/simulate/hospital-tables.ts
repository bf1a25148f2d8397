import type { Context } from '../../deploy/context.js';
import type { Patient } from './hospital.js';

/** The table of admissions that a simulated hospital writes to, and, beside it, when everybody will leave. */
export class HospitalTables {
  private constructor(
    private readonly ctx: Context,
    private readonly first: number,
  ) {}

  /** @param first midnight of the simulation's day 0, ms */
  static async create(ctx: Context, first: number): Promise<HospitalTables> {
    await ctx.snowflake.execute('CREATE OR REPLACE TRANSIENT TABLE TRUTH (CASE_ID NUMBER, LEAVES DATE)');
    return new HospitalTables(ctx, first);
  }

  /** YYYY-MM-DD. */
  dateOf(day: number): string {
    return new Date(this.first + day * 86_400_000).toISOString().slice(0, 10);
  }

  async admit(patients: readonly Patient[]): Promise<void> {
    for (let i = 0; i < patients.length; i += 1000) {
      const part = patients.slice(i, i + 1000);
      await this.ctx.snowflake.execute(
        `INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, AGE, SEVERITY_OF_ILLNESS, WARD_TYPE, DEPARTMENT, ADMISSION_DEPOSIT, ADMISSION_DATE)
SELECT $1, $1, $2, $3, $4, $5, $6, $7 FROM VALUES ${part
          .map(
            (p) =>
              `(${p.id}, '${p.AGE}', '${p.SEVERITY_OF_ILLNESS}', '${p.WARD_TYPE}', '${p.DEPARTMENT}', ${p.ADMISSION_DEPOSIT}, '${this.dateOf(p.came)}'::DATE)`,
          )
          .join(', ')}`,
      );
      await this.ctx.snowflake.execute(
        `INSERT INTO TRUTH SELECT $1, $2 FROM VALUES ${part.map((p) => `(${p.id}, '${this.dateOf(p.came + p.stay)}'::DATE)`).join(', ')}`,
      );
    }
  }

  /** Everybody who has left by the end of a day. */
  async discharge(day: number): Promise<void> {
    await this.ctx.snowflake.execute(
      `UPDATE HEALTH_ADMISSIONS AS r SET DISCHARGE_DATE = t.LEAVES FROM TRUTH AS t
WHERE t.CASE_ID = r.CASE_ID AND r.DISCHARGE_DATE IS NULL AND t.LEAVES <= '${this.dateOf(day)}'::DATE`,
    );
  }

  /** As if there were no admission from a day on. */
  async forget(day: number): Promise<void> {
    const since = `ADMISSION_DATE >= '${this.dateOf(day)}'::DATE`;
    await this.ctx.snowflake.execute(
      `DELETE FROM TRUTH WHERE CASE_ID IN (SELECT CASE_ID FROM HEALTH_ADMISSIONS WHERE ${since})`,
    );
    await this.ctx.snowflake.execute(
      `DELETE FROM HEALTH_SCORING_QUEUE WHERE ID IN (SELECT CASE_ID FROM HEALTH_ADMISSIONS WHERE ${since})`,
    );
    for (const table of ['HEALTH_ADMISSIONS', 'HEALTH_FEATURES'])
      await this.ctx.snowflake.execute(`DELETE FROM ${table} WHERE ${since}`);
  }
}
