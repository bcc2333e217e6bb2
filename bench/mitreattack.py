"""What mitreattack-python needs for a bundle: loading it, and listing the
techniques with the groups that use them. Its own imports do not count."""

import json
import logging
import sys
import time

logging.disable(logging.CRITICAL)
try:
    from loguru import logger

    logger.remove()
except ImportError:
    pass

from mitreattack.stix20 import MitreAttackData

begun = time.perf_counter()
data = MitreAttackData(sys.argv[1])
techniques = data.get_techniques(remove_revoked_deprecated=True)
groups = data.get_all_groups_using_all_techniques()
listed = [
    (technique["id"], [entry["object"]["id"] for entry in groups.get(technique["id"], [])])
    for technique in techniques
]
seconds = time.perf_counter() - begun
uses = sum(len(users) for _, users in listed)
print(json.dumps({"seconds": seconds, "techniques": len(listed), "uses": uses}))
