import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { validateXML } from 'xmllint-wasm';
import { projectRoot } from '../../deploy/project.js';

/** CHAI's v0.2/schema.xsd as of 28 October 2025 (github.com/coalition-for-health-ai/mc-schema at 1c77360), with its licence. */
const SCHEMA = readFileSync(join(projectRoot, 'test/safety/chai/schema.xsd'), 'utf8');

/** The schema imports that of signatures from the web; a card has none, so an element of that name is enough. */
const SIGNATURE =
  '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2000/09/xmldsig#"><xs:element name="Signature"/></xs:schema>';

/** What CHAI's schema says against a card, by libxml2. */
export async function listFaults(xml: string): Promise<string[]> {
  const schema = SCHEMA.replace(/schemaLocation="[^"]*xmldsig[^"]*"/, 'schemaLocation="signature.xsd"');
  const { valid, errors } = await validateXML({
    xml: { fileName: 'card.xml', contents: xml },
    schema: { fileName: 'schema.xsd', contents: schema },
    preload: { fileName: 'signature.xsd', contents: SIGNATURE },
  });
  const faults = errors.map(({ rawMessage }) => rawMessage);
  expect(valid).to.equal(faults.length === 0);
  return faults;
}
