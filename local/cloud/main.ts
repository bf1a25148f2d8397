#!/usr/bin/env node
// The local cloud as a process of its own: local-cloud [--state DIR] [--json] [--region R] [--port N] [--fault F]… [--with-parent].
// Snowflake listens at port N, AWS at N + 1, the mailbox at N + 2; LOCAL_CLOUD_PORT says N to a cloud that another program starts.
// It writes DIR/local.json, prints where it listens, and serves until SIGTERM or SIGINT, or, with --with-parent, until its standard
// input ends.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parsePort } from '@local-cloud/kit/alone.js';
import { parseFault } from '@local-cloud/kit/faults/fault.js';
import { IN_USE, StateInUseError } from '@local-cloud/kit/state-lock.js';
import { startCloud } from './cloud.js';
import { connectionFile } from './connection-file.js';

const { values } = parseArgs({
  options: {
    state: { type: 'string', default: '.cloud' },
    json: { type: 'boolean', default: false },
    region: { type: 'string' },
    port: { type: 'string', default: process.env.LOCAL_CLOUD_PORT || '0' },
    fault: { type: 'string', multiple: true, default: [] },
    'with-parent': { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (!values.state)
    throw new Error("--state DIR is required: the folder that keeps the local cloud's state");
  // What DuckDB and others write is its user's alone, as the folder is; where a program runs the cloud itself, that has its own umask.
  process.umask(0o077);
  const faults = values.fault.map(parseFault);
  const port = parsePort(values.port, 3);
  const stateDir = resolve(values.state);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  if (values['with-parent'])
    process.stdin
      .on('end', () => stop.abort())
      .on('error', () => stop.abort())
      .resume();
  const cloud = await startCloud({
    stateDir,
    ...(values.region !== undefined && { region: values.region }),
    ...(port > 0 && { ports: { snowflake: port, aws: port + 1, smtp: port + 2 } }),
  });
  try {
    for (const fault of faults) cloud.faults.add(fault);
    const { snowflake, aws, mail } = cloud.connection;
    console.log(
      values.json
        ? JSON.stringify(cloud.connection)
        : `Snowflake ${snowflake.accessUrl}\nAWS       ${aws.endpoint} (${aws.region})\nMail      ${mail.smtpUrl}\nKeys are in ${connectionFile(stateDir)}. Ctrl-C stops.`,
    );
    if (!stop.signal.aborted)
      await new Promise<void>((done) => stop.signal.addEventListener('abort', () => done(), { once: true }));
  } finally {
    await cloud.close();
  }
}

main().then(
  // What is still running belongs to no process any more.
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof StateInUseError ? error.message : error);
    process.exit(error instanceof StateInUseError ? IN_USE : 1);
  },
);
