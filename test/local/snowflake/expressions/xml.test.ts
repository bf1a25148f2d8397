import { parseXml, xmlText } from '@local-cloud/snowflake/expressions/json/xml-text.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('XML', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
  });
  after(async () => {
    await client.close();
    await snowflake.close();
  });

  const document = `'<?xml version="1.0"?><r><!-- no --><a x=1 y="q&amp;r">1</a><b><![CDATA[<i>]]></b><c><a>t &lt; u</a></c><e/></r>'`;

  it('is an object whose parts have paths', async () => {
    expect(
      await client.values(
        `SELECT x:"@"::VARCHAR, x:"$"[0]:"$"::NUMBER, x:"$"[0]:"@y"::VARCHAR, XMLGET(x, 'b'):"$"::VARCHAR, XMLGET(XMLGET(x, 'c'), 'a'):"$"::VARCHAR, XMLGET(x, 'none'), TYPEOF(x) FROM (SELECT PARSE_XML(${document}) AS x)`,
      ),
    ).to.deep.equal([['r', 1, 'q&r', '<i>', 't < u', null, 'OBJECT']]);
  });

  it('is shown as XML', async () => {
    expect(await client.value(`SELECT TO_XML(PARSE_XML(${document}))`)).to.equal(
      '<r>\n  <a x="1" y="q&amp;r">1</a>\n  <b>&lt;i&gt;</b>\n  <c>\n    <a>t &lt; u</a>\n  </c>\n  <e></e>\n</r>',
    );
    expect(await client.value(`SELECT PARSE_XML('<r><a>1</a></r>')`)).to.deep.equal({ r: { a: 1 } });
  });

  it('must be well-formed', async () => {
    expect((await client.error(`SELECT PARSE_XML('<r><a></r>')`)).message).to.include(
      "Error parsing XML: unexpected end tag '</r>', pos 6",
    );
    expect((await client.error(`SELECT PARSE_XML('<r>')`)).message).to.include("no end tag for 'r'");
  });

  it('is read from files, one row an element', async () => {
    const [text] = parseXml('<r a="1">x</r>');
    expect(JSON.parse(text!)).to.deep.equal({ '@': 'r', $: 'x', '@a': 1 });
    expect(parseXml('<a/>\n<b>2</b>')).to.have.length(2);
  });

  it('has the same text after it was read back, whatever stands in it', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
    const content = fc.oneof(fc.integer(), fc.stringMatching(/^[!-~]([ -~]{0,8}[!-~])?$/));
    const { element } = fc.letrec((tie) => ({
      element: fc.record({
        $: fc.oneof(content, tie('element'), fc.array(tie('element'), { minLength: 2, maxLength: 3 })),
        '@': name,
        '@id': content,
      }),
    }));
    fc.assert(
      fc.property(element, (given) => {
        const text = xmlText(JSON.stringify(given));
        expect(xmlText(parseXml(text)[0]!)).to.equal(text);
      }),
    );
  });
});
