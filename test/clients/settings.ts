/** What is turned on at a gateway, and whether the client names its request. */
export interface Setting {
  title: string;
  /** A sentence on it. */
  text: string;
  /** Environment variables of the gateway. */
  environment: Record<string, string>;
  /** Whether clients send `Task-tag`. */
  isTagged: boolean;
}

export const SETTINGS = {
  nothing: {
    title: 'Nothing is turned on',
    text: 'The gateway records each create, and does not know which ones are the same. The plugin of Heat sends tags by itself.',
    environment: {},
    isTagged: false,
  },
  tag: {
    title: '`Task-tag` on the request, `DUPLICATES=answer`',
    text: 'The client sends a tag, the same one when it is run again.',
    environment: { DUPLICATES: 'answer' },
    isTagged: true,
  },
  name: {
    title: '`TAG_FROM=name`, `DUPLICATES=answer`',
    text: 'The project and the name of the server are the tag. Clients need not do anything.',
    environment: { TAG_FROM: 'name', DUPLICATES: 'answer' },
    isTagged: false,
  },
  lost: {
    title: '`LOST_ANSWERS=answer`',
    text: 'The gateway gives an answer that it could not deliver to the same request when it comes again. It cannot know what a proxy loses that has taken the whole answer: the last column.',
    environment: { LOST_ANSWERS: 'answer' },
    isTagged: false,
  },
} satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
