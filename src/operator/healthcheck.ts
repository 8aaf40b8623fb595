import type { ReadinessReport } from '../health/readiness.js';

/** An answer of `/healthcheck`. */
export interface HealthcheckAnswer {
  status: number;
  type: string;
  body: string;
}

/** In the order of preference, if a client takes several. */
const TYPES = ['text/plain', 'application/json'] as const;

const TEXT = 'text/plain; charset=UTF-8';

/**
 * Readiness in the form of oslo.middleware's healthcheck with `detailed = false`, which monitors and load balancers of
 * OpenStack know: a reason a line, `OK` when all is well.
 *
 * @param accept the header `Accept`; for any other type the answer is plain text, never 406
 */
export function healthcheckAnswer(
  report: ReadinessReport,
  method: string,
  accept?: string,
): HealthcheckAnswer {
  const isWell = report.status === 'ready';
  if (method === 'HEAD') return { status: isWell ? 204 : 503, type: TEXT, body: '' };
  const status = isWell ? 200 : 503;
  const reasons = isWell ? ['OK'] : reasonsOf(report);
  const type = preferred(accept);
  if (type === 'text/plain') return { status, type: TEXT, body: reasons.join('\n') };
  return { status, type, body: JSON.stringify({ detailed: false, reasons }, null, 4) };
}

function reasonsOf({ status, checks }: ReadinessReport): string[] {
  if (status === 'shutting_down') return ['shutting down'];
  const down = Object.keys(checks).filter((name) => checks[name] === 'down');
  return down.map((name) => `${name} is down`);
}

function preferred(accept: string | undefined): (typeof TYPES)[number] {
  const ranges = (accept ?? '*/*').split(',').map((text) => {
    const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
    const [, q = '1'] = parameters.map((part) => /^q\s*=\s*([\d.]+)$/.exec(part)).find(Boolean) ?? [];
    return { range, q: Number(q) };
  });
  const [text, json] = TYPES.map((type) => {
    const [family = ''] = type.split('/');
    const fits = [type, `${family}/*`, '*/*'].map((name) => ranges.find(({ range }) => range === name));
    return fits.find((found) => found !== undefined)?.q ?? 0;
  });
  return Number(json) > Number(text) ? 'application/json' : 'text/plain';
}
