export interface Rule {
  readonly name: string;
}
