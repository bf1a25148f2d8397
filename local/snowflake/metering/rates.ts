// What things last and cost in an account, for the meter. Here everything is done at once and costs nothing; a bill is of what an
// account would take. What a vendor's page says has its page; the rest are assumptions, and all of them are in this file.

/**
 * Milliseconds that a statement lasts at least: it is compiled, queued and answered over a network. Assumptions. Public logs of dbt have .45 to
 * 1.7 s for a view or a table made, its own round trips included; to change some rows of one that is there takes as long as the fastest of these.
 */
export const READ_MS = 200;
export const WRITE_MS = 500;
/** Milliseconds until a suspended warehouse has resumed. An assumption. */
export const RESUME_MS = 2_000;
/** Milliseconds from a task's time, or the end of the one before it, to its first statement. An assumption. */
export const TASK_START_MS = 1_000;
/**
 * Milliseconds that a serverless endpoint takes to answer a call after a while without one. AWS says "in the order of seconds" (AWS Machine
 * Learning Blog, 2022-10-26), courses 1 to 5, projects 5 to 30; in the middle 5. For how long it stays warm no page says; people have seen
 * five minutes (aws/sagemaker-python-sdk#3446), and ten are assumed.
 */
export const COLD_START_MS = 5_000;
export const COLD_AFTER_MS = 600_000;

/** "Billed per-second, with a 60-second minimum each time the warehouse starts" (docs: user-guide/cost-understanding-compute). */
export const LEAST_RUN_MS = 60_000;

/** Credits an hour by size (docs: user-guide/cost-understanding-compute, "Virtual warehouse credit usage"). */
export const WAREHOUSE_CREDITS: Readonly<Record<string, number>> = {
  'X-Small': 1,
  Small: 2,
  Medium: 4,
  Large: 8,
  'X-Large': 16,
  '2X-Large': 32,
  '3X-Large': 64,
  '4X-Large': 128,
};

/**
 * What an hour of the second generation costs in hours of the first, on AWS: secondary sources of 2026, as the vendor's table was not to be had.
 * It is the default of a new account (docs: release-notes/bcr-bundles/2026_03/bcr-2250).
 */
export const SECOND_GENERATION = 1.35;

/** Credits for an hour of an X-Small's compute in a serverless task (Snowflake Service Consumption Table of 2026, table 5). */
export const SERVERLESS_CREDITS = 0.9;

/**
 * Credits for an hour of cloud services: DDL, SHOW and DESCRIBE. An assumption, as is that such a statement keeps them busy as
 * long as it lasts. "Usage is charged only if the daily consumption exceeds 10% of the daily usage of virtual warehouses", and "serverless compute
 * does not factor into the 10% adjustment" (same page): those of serverless tasks are billed in full, with factor 1 (table 5).
 */
export const CLOUD_SERVICES_CREDITS = 4.4;
/** Credits for compiling a statement that is computed. An assumption: some milliseconds of cloud services. */
export const COMPILE_CREDITS = 2e-5;
