"""What disclosures are compared with 披露核对: penalties, permits and emissions that the bureau knows."""
