import type { Task } from '../task.entity.js';
import { type Awaited, keyOf, type TasksOf } from './awaited.js';
import { Watch } from './watch.js';

/** All that is awaited in this process, and which news concern whom. */
export class Watches {
  private readonly byKey = new Map<string, Watch>();
  /** By the tag or the subject that may arrive, and by the uuid of the task whose end is awaited. */
  private readonly byNews = new Map<string, Watch | Set<Watch>>();

  get size(): number {
    return this.byKey.size;
  }

  /** All of them, the longest waiting first. */
  all(): IterableIterator<Watch> {
    return this.byKey.values();
  }

  /** The watch of something awaited; a new one if nobody else waits for it. */
  of(awaited: Awaited): Watch {
    const key = keyOf(awaited);
    let watch = this.byKey.get(key);
    if (watch === undefined) {
      watch = new Watch(key, awaited);
      this.byKey.set(key, watch);
      for (const news of newsOf(awaited)) this.hear(news, watch);
    }
    return watch;
  }

  /** Nobody waits for it any more. */
  forget(watch: Watch): void {
    this.byKey.delete(watch.key);
    for (const news of newsOf(watch.awaited)) this.ignore(news, watch);
    if (watch.open !== null) this.ignore(watch.open, watch);
  }

  /** From now on a watch is concerned by the end of another task. */
  awaits(watch: Watch, uuid: string | null): void {
    if (watch.open === uuid || this.byKey.get(watch.key) !== watch) return;
    if (watch.open !== null) this.ignore(watch.open, watch);
    watch.open = uuid;
    if (uuid !== null) this.hear(uuid, watch);
  }

  /** Those concerned by a new task. */
  concernedBy({ projectId, tag, subject }: Pick<Task, 'projectId' | 'tag' | 'subject'>): Watch[] {
    return [
      ...(tag === null ? [] : this.hearing(tagNews(projectId, tag))),
      ...(subject === null ? [] : this.about(subject)),
    ];
  }

  /** Those that await the tasks of a subject. */
  about(subject: string): Watch[] {
    return this.hearing(subjectNews(subject));
  }

  /** Those that await the end of a task. */
  awaiting(uuid: string): Watch[] {
    return this.hearing(uuid);
  }

  private hearing(news: string): Watch[] {
    const hearing = this.byNews.get(news);
    if (hearing === undefined) return [];
    return hearing instanceof Watch ? [hearing] : [...hearing];
  }

  /** Mostly there is one: a set for each would take more memory than all the rest. */
  private hear(news: string, watch: Watch): void {
    const hearing = this.byNews.get(news);
    if (hearing === undefined) this.byNews.set(news, watch);
    else if (hearing instanceof Watch) this.byNews.set(news, new Set([hearing, watch]));
    else hearing.add(watch);
  }

  private ignore(news: string, watch: Watch): void {
    const hearing = this.byNews.get(news);
    if (hearing instanceof Set) hearing.delete(watch);
    if (hearing === watch || (hearing instanceof Set && hearing.size === 0)) this.byNews.delete(news);
  }
}

function newsOf(awaited: Awaited): string[] {
  return awaited.until === 'all ended' ? awaited.of.map(newsOfGroup) : [awaited.uuid];
}

function newsOfGroup(group: TasksOf): string {
  return 'tag' in group ? tagNews(group.projectId, group.tag) : subjectNews(group.subject);
}

function tagNews(projectId: string, tag: string): string {
  return `tag ${projectId} ${tag}`;
}

function subjectNews(subject: string): string {
  return `subject ${subject}`;
}
