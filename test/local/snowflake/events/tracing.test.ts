import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

interface Trace {
  trace_id: string;
  span_id: string;
}

describe('tracing from JavaScript', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      'CREATE SCHEMA d.s',
      'CREATE EVENT TABLE events',
      'ALTER ACCOUNT SET EVENT_TABLE = d.s.events',
      'ALTER ACCOUNT SET LOG_LEVEL = FATAL',
      'ALTER SESSION SET TRACE_LEVEL = ALWAYS',
    ])
      await client.rows(sql);
  });
  beforeEach(() => client.rows('TRUNCATE TABLE d.s.events'));
  after(() => snowflake.close());

  const procedure = (signature: string, body: string) =>
    client.rows(`CREATE OR REPLACE PROCEDURE ${signature} LANGUAGE JAVASCRIPT AS $$${body}$$`);
  const recorded = async (type: string) =>
    client.rows(`SELECT * FROM events WHERE RECORD_TYPE = '${type}' ORDER BY TIMESTAMP, RECORD['name']`);

  it('records one span a call, with its attributes, and its events', async () => {
    await procedure(
      'pi_js() RETURNS DOUBLE',
      `snowflake.addEvent('name_a');
       snowflake.addEvent('name_b', {'score': 89, 'pass': true});
       snowflake.setSpanAttribute("example.boolean", true);
       snowflake.setSpanAttribute("example.long", 1);
       snowflake.setSpanAttribute("example.long", 2);
       snowflake.setSpanAttribute("example.double", 2.5);
       snowflake.setSpanAttribute("example.string", "testAttribute");
       return 3.14;`,
    );
    const statement = await client.statement('CALL pi_js()');
    const [span] = await recorded('SPAN');
    expect(span!.RECORD).to.deep.equal({
      kind: 'SPAN_KIND_INTERNAL',
      name: 'snow.auto_instrumented',
      status: { code: 'STATUS_CODE_UNSET' },
    });
    expect(span!.RECORD_ATTRIBUTES).to.deep.equal({
      'example.boolean': true,
      'example.double': 2.5,
      'example.long': 2,
      'example.string': 'testAttribute',
    });
    expect((span!.START_TIMESTAMP as Date).getTime()).to.be.at.most((span!.TIMESTAMP as Date).getTime());
    const trace = span!.TRACE as Trace;
    expect(trace.trace_id).to.equal(statement.getQueryId().replaceAll('-', ''));
    expect(trace.span_id).to.match(/^[0-9a-f]{16}$/);
    const events = await recorded('SPAN_EVENT');
    expect(events.map(({ RECORD, RECORD_ATTRIBUTES }) => [RECORD, RECORD_ATTRIBUTES])).to.deep.equal([
      [{ name: 'name_a' }, null],
      [{ name: 'name_b' }, { score: 89, pass: true }],
    ]);
    for (const event of events) expect(event.TRACE).to.deep.equal(trace);
  });

  it('counts the rows of a function in its span', async () => {
    await client.rows(
      `CREATE OR REPLACE FUNCTION twice(x FLOAT) RETURNS FLOAT LANGUAGE JAVASCRIPT AS 'return X * 2;'`,
    );
    await client.rows('SELECT twice(SEQ4()) FROM TABLE(GENERATOR(ROWCOUNT => 5000))');
    const spans = await recorded('SPAN');
    expect(spans.map(({ RECORD_ATTRIBUTES }) => RECORD_ATTRIBUTES)).to.deep.equal([
      { 'snow.input.rows': 5000, 'snow.output.rows': 5000 },
    ]);
  });

  it('joins the spans of procedures and functions that call each other', async () => {
    await client.rows(
      `CREATE OR REPLACE FUNCTION leaf() RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$ snowflake.addEvent('in leaf'); return 1; $$`,
    );
    await procedure('inner_p() RETURNS VARCHAR', `snowflake.execute({sqlText: 'SELECT leaf()'});`);
    await procedure('outer_p() RETURNS VARCHAR', `snowflake.execute({sqlText: 'CALL inner_p()'});`);
    await client.rows('CALL outer_p()');
    const spans = await recorded('SPAN');
    const named = new Map(
      spans.map((span) => {
        const name = (span.RESOURCE_ATTRIBUTES as Record<string, string>)['snow.executable.name']!;
        return [
          name.replace(/\(.*/, ''),
          { trace: span.TRACE as Trace, record: span.RECORD as Record<string, unknown> },
        ];
      }),
    );
    const [outer, inner, leaf] = ['OUTER_P', 'INNER_P', 'LEAF'].map((name) => named.get(name)!);
    expect(new Set([...named.values()].map(({ trace }) => trace.trace_id)).size).to.equal(1);
    expect(outer!.record).not.to.have.property('parent_span_id');
    expect(inner!.record.parent_span_id).to.equal(outer!.trace.span_id);
    expect(leaf!.record.parent_span_id).to.equal(inner!.trace.span_id);
  });

  it('records spans that a handler makes with OpenTelemetry’s API and ends', async () => {
    // docs: developer-guide/logging-tracing/tracing-javascript, "Adding custom spans"
    await client.rows(`CREATE OR REPLACE FUNCTION javascript_custom_span() RETURNS STRING LANGUAGE JAVASCRIPT AS $$
      const { trace } = opentelemetry;
      const tracer = trace.getTracer("example_tracer");
      return tracer.startActiveSpan("example_custom_span", (span) => {
        span.addEvent("testEventWithAttributes");
        span.setAttribute("testAttribute", "value");
        snowflake.addEvent("by snowflake");
        const inner = tracer.startSpan("inner", { kind: opentelemetry.SpanKind.CLIENT, attributes: { a: 1 } });
        inner.recordException(new RangeError("far"));
        inner.setStatus({ code: opentelemetry.SpanStatusCode.ERROR });
        inner.end();
        tracer.startSpan("never ended");
        const recording = span.isRecording();
        span.end();
        return recording + ' ' + span.isRecording() + ' ' + (trace.getActiveSpan() === span);
      }); $$`);
    expect(await client.value('SELECT javascript_custom_span()')).to.equal('true false true');
    const spans = await recorded('SPAN');
    const of = (name: string) => spans.find(({ RECORD }) => (RECORD as { name: string }).name === name)!;
    expect(spans).to.have.lengthOf(3);
    const [root, custom, inner] = ['snow.auto_instrumented', 'example_custom_span', 'inner'].map(of);
    const id = (span: typeof root) => (span!.TRACE as Trace).span_id;
    expect(custom!.RECORD).to.deep.equal({
      kind: 'SPAN_KIND_INTERNAL',
      name: 'example_custom_span',
      parent_span_id: id(root),
      status: { code: 'STATUS_CODE_UNSET' },
    });
    expect(custom!.RECORD_ATTRIBUTES).to.deep.equal({ testAttribute: 'value' });
    expect(inner!.RECORD).to.deep.include({
      kind: 'SPAN_KIND_CLIENT',
      parent_span_id: id(custom),
      status: { code: 'STATUS_CODE_ERROR' },
    });
    expect(inner!.RECORD_ATTRIBUTES).to.deep.equal({ a: 1 });
    const events = await recorded('SPAN_EVENT');
    expect(
      events.map(({ RECORD, TRACE }) => [(RECORD as { name: string }).name, (TRACE as Trace).span_id]),
    ).to.have.deep.members([
      ['testEventWithAttributes', id(custom)],
      ['by snowflake', id(custom)],
      ['exception', id(inner)],
    ]);
  });

  it('holds 128 events and 128 attributes in a span, and drops the rest', async () => {
    await procedure(
      'many() RETURNS VARCHAR',
      `for (let i = 0; i < 200; i++) { snowflake.addEvent('e' + i); snowflake.setSpanAttribute('a' + i, i); }`,
    );
    await client.rows('CALL many()');
    const [span] = await recorded('SPAN');
    expect(Object.keys(span!.RECORD_ATTRIBUTES as object)).to.have.lengthOf(128);
    expect(span!.RECORD_ATTRIBUTES).to.have.property('a127', 127);
    expect(await recorded('SPAN_EVENT')).to.have.lengthOf(128);
  });

  it('marks the span of an exception that no code handles', async () => {
    await procedure('broken() RETURNS VARCHAR', `snowflake.addEvent('before'); null.x;`);
    await client.error('CALL broken()');
    expect((await recorded('SPAN'))[0]!.RECORD).to.deep.include({ status: { code: 'STATUS_CODE_ERROR' } });
    const events = await recorded('SPAN_EVENT');
    expect(events.map(({ RECORD }) => (RECORD as { name: string }).name)).to.deep.equal([
      'before',
      'exception',
    ]);
    expect(events[1]!.RECORD_ATTRIBUTES).to.include({
      'exception.type': 'TypeError',
      'exception.escaped': true,
    });
  });

  it('is done only for what adds events at ON_EVENT, and never at OFF', async () => {
    await procedure('silent() RETURNS VARCHAR', `snowflake.setSpanAttribute('a', 1);`);
    await procedure('telling() RETURNS VARCHAR', `snowflake.addEvent('e');`);
    await client.rows('ALTER SESSION SET TRACE_LEVEL = ON_EVENT');
    await client.rows('CALL silent()');
    expect(await recorded('SPAN')).to.deep.equal([]);
    await client.rows('CALL telling()');
    expect(await recorded('SPAN')).to.have.lengthOf(1);
    await client.rows('ALTER SESSION SET TRACE_LEVEL = OFF');
    await client.rows('CALL telling()');
    expect(await recorded('SPAN')).to.have.lengthOf(1);
    await client.rows('ALTER PROCEDURE silent() SET TRACE_LEVEL = ALWAYS');
    await client.rows('CALL silent()');
    expect(await recorded('SPAN')).to.have.lengthOf(2);
  });

  it('needs a LOG_LEVEL as well', async () => {
    await procedure('telling() RETURNS VARCHAR', `snowflake.addEvent('e');`);
    await client.rows('ALTER PROCEDURE telling() SET TRACE_LEVEL = ALWAYS');
    await client.rows('ALTER PROCEDURE telling() SET LOG_LEVEL = OFF');
    await client.rows('CALL telling()');
    expect(await client.value('SELECT COUNT(*) FROM events')).to.equal(0);
  });
});
