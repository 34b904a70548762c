/** What answers with the time at which it is called. */
export const clocks =
  /^(django\.utils\.timezone\.(now|localtime|localdate)|datetime\.datetime\.(now|utcnow|today)|datetime\.date\.today|time\.time)$/;

/** Chance. Keys that are meant to be unique (`uuid`, `secrets`) are no accident. */
export const randoms = /^(random|numpy\.random)\.\w+$/;

/** What asks another machine. */
export const networks =
  /^(requests\.(get|post|put|patch|delete|head|options|request|Session)|httpx\.(get|post|put|patch|delete|head|options|request|stream|Client|AsyncClient)|urllib\.request\.url(open|retrieve)|urllib3\.(PoolManager|request)|aiohttp\.ClientSession|http\.client\.HTTPS?Connection|boto3\.(client|resource|Session)|socket\.create_connection)$/;

/** Settings that say which model, which site: what is named is the same thing everywhere. */
export const namesOfThings = /(_MODEL|_ID|^ID)$/;

/** A column that tells when its row was last written, or what the migration itself brings about, gets the time rightly. */
export const momentOfWriting = /updat|modif|chang|touch|sync|migrat|refresh|dirty|stale|expir|delet|archiv|cancel|clos/;
