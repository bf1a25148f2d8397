// API Gateway's control plane: TestInvokeMethod, which runs a method as it stands, undeployed and unauthorized, and
// returns the execution log: the way to see why an integration fails.
import { type ApiOperation, map, methodOf, only, text } from './call.js';
import { runIntegration } from './integration.js';
import { missingError } from './model.js';
import { findRoute } from './routing.js';

export const testInvokeOperations: Record<string, ApiOperation> = {
  async 'POST /restapis/{api}/resources/{resource}/methods/{method}'(call) {
    only(call, 'TestInvokeMethod', ['pathWithQueryString', 'body', 'headers', 'stageVariables']);
    const { state, resource, method } = methodOf(call);
    if (!method.methodIntegration) throw missingError('Invalid Integration identifier specified');
    const { body, context, request } = call;
    const [path = '', query = ''] = (text(body.pathWithQueryString) || resource.path).split('?');
    const { policy, binaryMediaTypes, minimumCompressionSize } = state.api;
    const snapshot = { resources: state.resources, policy, binaryMediaTypes, minimumCompressionSize };
    const log: string[] = [];
    const write = (line: string) => {
      log.push(`${new Date(context.clock.now()).toUTCString()} : ${line}`);
    };
    write(`Starting execution for request: ${request.requestId}`);
    write(`HTTP Method: ${method.httpMethod}, Resource Path: ${path}`);
    const started = context.clock.now();
    const answer = await runIntegration(
      context,
      snapshot,
      {
        route: { resource, method, path: findRoute(snapshot, method.httpMethod, path)?.path ?? {} },
        headers: Object.fromEntries(
          Object.entries(map<string>(body.headers) ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        query: new URLSearchParams(query),
        body: Buffer.from(text(body.body) ?? ''),
        stageVariables: map<string>(body.stageVariables) ?? {},
        variables: {
          accountId: state.accountId,
          apiId: state.api.id,
          httpMethod: method.httpMethod,
          'identity.userArn': request.identity.arn,
          requestId: request.requestId,
          resourceId: resource.id,
          resourcePath: resource.path,
          stage: 'test-invoke-stage',
        },
      },
      write,
    );
    return {
      status: answer.status,
      body: answer.body.toString('utf8'),
      headers: answer.headers,
      multiValueHeaders: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, [value]]),
      ),
      log: `${log.join('\n')}\n`,
      latency: context.clock.now() - started,
    };
  },
};
