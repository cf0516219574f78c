/** Image of the pods that sts-lab itself starts (DNS questions, reading claims): small, with a shell and nslookup. */
export const PROBE_IMAGE = 'busybox:1.36'
