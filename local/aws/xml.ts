// Writing XML for the services that speak it (IAM, STS, S3).

export type XmlNode =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlNode[]
  | { readonly [name: string]: XmlNode };

/** One element; an array repeats it, an object's members become its children, undefined leaves it out. */
export function element(name: string, node: XmlNode, attributes = ''): string {
  if (node === undefined) return '';
  if (Array.isArray(node)) return node.map((item) => element(name, item, attributes)).join('');
  const inner =
    typeof node === 'object'
      ? Object.entries(node)
          .map(([child, value]) => element(child, value))
          .join('')
      : escapeXml(String(node));
  return `<${name}${attributes && ` ${attributes}`}>${inner}</${name}>`;
}

/** Escapes text for an element's content. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"\r]/g, (c) => {
    if (c === '<') return '&lt;';
    if (c === '>') return '&gt;';
    if (c === '&') return '&amp;';
    if (c === '"') return '&quot;';
    return '&#13;';
  });
}
