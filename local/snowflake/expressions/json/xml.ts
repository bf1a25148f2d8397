import { NUMBER, TEXT, VARIANT } from '../../types/data-type.js';
import { type FunctionSpec, fn } from '../function.js';
import { native } from '../native.js';
import { parseXml, xmlChild, xmlDocument } from './xml-text.js';

/** PARSE_XML(text [, disable_auto_convert]): NULL for an empty text. */
const parse: FunctionSpec['bind'] = ([value, plain], { b }) => {
  const keep = plain?.constant === true;
  const call = native(b, keep ? 'parse_xml_text' : 'parse_xml', 1, (text) => {
    if (text.trim() === '') return null;
    const roots = readXml(text, keep);
    if (roots.length !== 1) throw new Error('Error parsing XML: a document has one element at its top');
    return roots[0]!;
  });
  return { sql: `CAST(${call}(${b.cast(value!, TEXT()).sql}) AS JSON)`, type: VARIANT, nullable: true };
};

function readXml(text: string, plain: boolean): string[] {
  try {
    return parseXml(text, plain);
  } catch (error) {
    throw new Error(`Error parsing XML: ${(error as Error).message}`);
  }
}

/** PARSE_XML, XMLGET, TO_XML: docs.snowflake.com/en/sql-reference/functions/parse_xml and its neighbours. */
export const xmlFunctions: FunctionSpec[] = [
  fn('PARSE_XML', 1, 2, parse),
  fn('CHECK_XML', 1, 2, ([text], { b }) => {
    const check = native(b, 'check_xml', 1, (given) => {
      try {
        if (given.trim() !== '') parseXml(given);
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    });
    return { sql: `${check}(${b.cast(text!, TEXT()).sql})`, type: TEXT(), nullable: true };
  }),
  fn('XMLGET', 2, 3, ([xml, name, instance], { b }) => {
    const call = native(b, 'xmlget', 3, (json, tag, n) => xmlChild(json, tag, Number(n)));
    const n = instance ? b.cast(b.cast(instance, NUMBER(38, 0)), TEXT()).sql : "'0'";
    const sql = `CAST(${call}(CAST(${b.cast(xml!, VARIANT).sql} AS VARCHAR), ${b.cast(name!, TEXT()).sql}, ${n}) AS JSON)`;
    return { sql, type: VARIANT, nullable: true };
  }),
  fn('TO_XML', 1, 1, ([xml], { b }) => {
    const call = native(b, 'xml_document', 1, xmlDocument);
    return {
      sql: `${call}(CAST(${b.cast(xml!, VARIANT).sql} AS VARCHAR))`,
      type: TEXT(),
      nullable: true,
    };
  }),
];
