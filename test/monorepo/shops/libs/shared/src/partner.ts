import { Injectable, Module } from '@nestjs/common';

/** Another company, which delivers goods and moves money. It knows a job by a key of ours: the task's uuid. */
@Injectable()
export class Partner {
  async carryOut(key: string, job: object): Promise<{ number: string }> {
    const answer = await fetch(this.url(key), { method: 'PUT', body: JSON.stringify(job) });
    if (!answer.ok) throw new Error(`The partner has answered ${answer.status}`);
    return (await answer.json()) as { number: string };
  }

  /** What became of a job; `null` when the partner cannot say. */
  async find(key: string, signal: AbortSignal): Promise<{ number: string } | 'never' | null> {
    const answer = await fetch(this.url(key), { signal });
    if (answer.status === 410) return 'never';
    return answer.ok ? ((await answer.json()) as { number: string }) : null;
  }

  private url(key: string): string {
    return `${process.env['PARTNER_URL']}/jobs/${key}`;
  }
}

@Module({ providers: [Partner], exports: [Partner] })
export class PartnerModule {}
