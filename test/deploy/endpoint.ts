import { setTimeout as sleep } from 'node:timers/promises';
import { drive } from '../../deploy/clients/drive.js';
import type { Context } from '../../deploy/context.js';
import { loadContract } from '../../deploy/dataset/load.js';
import { Later } from '../../procedures/ground/work.js';
import {
  createEndpoint,
  type EndpointRequest,
  endpointStatus,
  requireInService,
} from '../../procedures/jobs/endpoint.js';
import { planned } from './planned.js';

/** Makes model, configuration and endpoint as a training does, and waits until it is in service. */
export async function endpointInService(
  ctx: Context,
  request: EndpointRequest,
  onStatus: (status: string) => void = () => {},
): Promise<void> {
  const plan = await planned(ctx, loadContract(ctx.settings.dataset));
  await drive(ctx, createEndpoint(plan, request));
  for (;;) {
    onStatus(`${request.name}: ${await drive(ctx, endpointStatus(request.name))}`);
    try {
      return await drive(ctx, requireInService(request.name));
    } catch (error) {
      if (!(error instanceof Later)) throw error;
      await sleep(50);
    }
  }
}
