/** Whether what is dropped is a type, or brings types with it that have its name. */
export function isType(objectKind: string): boolean {
  return objectKind === 'type' || objectKind === 'domain' || objectKind === 'extension';
}
