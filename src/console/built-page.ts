/**
 * The files of the page, by name. These stand for them where nothing is built, as in tests: `scripts/build-console.js`
 * writes the real ones over this file in dist/. They are code, not files beside it, so that they are there in every
 * form in which a host is built, also in one bundle.
 */
export const BUILT_PAGE: Readonly<Record<string, string>> = {
  'index.html':
    '<!doctype html><link rel="icon" href="./icon.svg"><title>Tasks</title><p>This page is made by npm run build.',
};
