import { isRow, type Row } from '../api/task-row.js';
import { UsageError } from '../command.errors.js';
import type { CloudConfig } from './cloud-config.js';

/** Chooses the compute endpoint from a token's catalogue: by interface, and by region if one is given. */
export function computeEndpoint(catalog: unknown, { region, interface: kind }: CloudConfig): string {
  const services = rows(catalog).filter(({ type }) => type === 'compute');
  if (services.length === 0)
    throw new UsageError(
      'The catalogue of this token has no compute service: is a project given? Or give --url.',
    );
  const endpoints = services.flatMap((service) => rows(service['endpoints']));
  const ofKind = endpoints.filter((one) => String(one['interface']).replace(/URL$/, '') === kind);
  const found = ofKind.find(
    (one) => region === null || one['region_id'] === region || one['region'] === region,
  );
  const url = found?.['url'];
  if (typeof url === 'string') return url;
  const where = region === null ? '' : ` in the region ${region}`;
  const regions = [...new Set(ofKind.map((one) => String(one['region_id'] ?? one['region'])))].join(', ');
  throw new UsageError(
    `The catalogue has no ${kind} compute endpoint${where}${regions && `, but in ${regions}`}.`,
  );
}

function rows(value: unknown): Row[] {
  return Array.isArray(value) ? value.filter(isRow) : [];
}
