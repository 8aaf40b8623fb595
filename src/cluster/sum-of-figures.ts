import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from 'prom-client';

/** What a worker tells of itself: a registry of prom-client as JSON. */
export type WorkerFigures = MetricObjectWithValues<MetricValue<string>>[];

/** Kinds of figures that only grow. */
const GROWING: unknown[] = ['counter', 'histogram'];

/**
 * The figures of all workers as those of one server; each metric says by its `aggregator` how they come together.
 *
 * What only grows never shrinks: of a worker that has ended, or does not answer, what it told last still counts. A sum
 * that fell would be taken for a restart, and counted anew.
 */
export class SumOfFigures {
  private readonly last = new Map<number, WorkerFigures>();
  private ended: WorkerFigures = [];

  /**
   * @param told by the numbers of the workers; null when one did not answer
   * @returns the sum in the text format of Prometheus
   */
  text(told: ReadonlyMap<number, WorkerFigures | null>): Promise<string> {
    const all = [this.ended];
    for (const [worker, figures] of told) {
      all.push(figures ?? this.grown(worker));
      if (figures !== null) this.last.set(worker, figures);
    }
    return AggregatorRegistry.aggregate(all).metrics();
  }

  /** Keeps what a worker that has ended told last. */
  end(worker: number): void {
    const sum = AggregatorRegistry.aggregate([this.ended, this.grown(worker)]);
    // Plain figures, with their values: `aggregate` has nothing to collect any more.
    this.ended = sum.getMetricsAsArray() as WorkerFigures;
    this.last.delete(worker);
  }

  private grown(worker: number): WorkerFigures {
    return (this.last.get(worker) ?? []).filter(({ type }) => GROWING.includes(type));
  }
}
