// What was entered and not sent yet, kept by this browser (IndexedDB) under a name.
"use strict";

function ask(mode, act) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("drafts", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("drafts");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const base = opening.result;
      const work = base.transaction("drafts", mode);
      const answer = act(work.objectStore("drafts"));
      work.oncomplete = () => { base.close(); done(answer.result); };
      work.onabort = () => { base.close(); failed(work.error); };
    };
  });
}

export const keep = (name, draft) => ask("readwrite", (drafts) => drafts.put(draft, name));
export const kept = (name) => ask("readonly", (drafts) => drafts.get(name));
export const forget = (name) => ask("readwrite", (drafts) => drafts.delete(name));

export async function keptAll() {
  const names = await ask("readonly", (drafts) => drafts.getAllKeys());
  return Promise.all(names.map(async (name) => [name, await kept(name)]));
}
