/** How many members a device has memory for at once. */
export interface MemberLimit {
  /** As in a race: the program and how it is trained, and the device, as texts. */
  readonly program: string;
  readonly device: string;
  readonly members: number;
}
