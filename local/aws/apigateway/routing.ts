// Finding the method that a request's path and HTTP method name in a deployment.
import type { Method, Resource, Snapshot } from './model.js';

export interface Route {
  resource: Resource;
  method: Method;
  /** Values of the path's variables, decoded. */
  path: Record<string, string>;
}

interface Node {
  resource?: Resource;
  fixed: Map<string, Node>;
  variable?: { name: string; greedy: boolean; node: Node };
}

const trees = new WeakMap<Snapshot, Node>();

/** Fixed parts win over variables, and a method of its own over ANY. */
export function findRoute(snapshot: Snapshot, httpMethod: string, path: string): Route | undefined {
  let root = trees.get(snapshot);
  if (!root) {
    root = tree(snapshot);
    trees.set(snapshot, root);
  }
  const segments = path.split('/').filter((segment) => segment !== '');
  const values: Record<string, string> = {};
  const resource = walk(root, segments, 0, values);
  const method = resource?.resourceMethods[httpMethod] ?? resource?.resourceMethods.ANY;
  return resource && method ? { resource, method, path: values } : undefined;
}

function tree({ resources }: Snapshot): Node {
  const root: Node = { fixed: new Map() };
  for (const resource of Object.values(resources)) {
    let node = root;
    for (const part of resource.path.split('/').filter((segment) => segment !== '')) {
      const variable = /^\{(.+?)(\+)?\}$/.exec(part);
      let next: Node | undefined = variable ? node.variable?.node : node.fixed.get(part);
      if (!next) {
        next = { fixed: new Map() };
        if (variable) node.variable = { name: variable[1]!, greedy: variable[2] !== undefined, node: next };
        else node.fixed.set(part, next);
      }
      node = next;
    }
    node.resource = resource;
  }
  return root;
}

function walk(
  node: Node,
  segments: string[],
  at: number,
  values: Record<string, string>,
): Resource | undefined {
  if (at === segments.length) return node.resource;
  const segment = segments[at]!;
  const fixed = node.fixed.get(segment);
  const found = fixed && walk(fixed, segments, at + 1, values);
  if (found) return found;
  if (!node.variable) return undefined;
  const { name, greedy, node: next } = node.variable;
  values[name] = decode(greedy ? segments.slice(at).join('/') : segment);
  return walk(next, segments, greedy ? segments.length : at + 1, values);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
